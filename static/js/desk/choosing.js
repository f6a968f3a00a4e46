// Takes that are ticked to be cancelled together: the button says how many.

const chosen = () => document.querySelectorAll(".choose input:checked").length;

function show() {
  const button = document.querySelector("[data-needs-chosen]");
  if (!button) return;
  button.hidden = !document.querySelector(".choose input");
  button.disabled = !chosen();
  button.lastChild.data = chosen() ? `Cancel ${chosen()} chosen…` : "Cancel chosen…";
}

export function chooseTakes() {
  show();
  document.addEventListener("change", (event) => {
    if (event.target.closest(".choose")) show();
  });
  document.addEventListener("htmx:afterSettle", show);
}
