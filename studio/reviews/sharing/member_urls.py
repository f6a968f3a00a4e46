"""What members reach of sharing: the links of a take, of a workspace, and its brand."""

from django.urls import path

from studio.reviews.sharing.views import brands, links

urlpatterns = [
    path("takes/<int:pk>/links/", links.share_take, name="links"),
    path("takes/<int:pk>/links/<int:link_pk>/", links.change_link, name="change-link"),
    path("takes/<int:pk>/links/<int:link_pk>/revoke/", links.revoke_link, name="revoke-link"),
    path("takes/<int:pk>/links/<int:link_pk>/log/", links.show_log, name="link-log"),
    path("w/<slug:slug>/links/", links.list_links, name="workspace-links"),
    path("w/<slug:slug>/brand/", brands.manage_brand, name="brand"),
    path("w/<slug:slug>/brand/mark/", brands.serve_mark, name="brand-mark"),
    path("w/<slug:slug>/brand/remove/", brands.remove_mark, name="remove-mark"),
]
