// Offers the browser's time zone where a form asks for one and another is chosen.
const offer = document.querySelector("[data-browser-zone]");
const select = document.querySelector("select[name=time_zone]");
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

function isKnown() {
  return [...select.options].some((option) => option.value === zone);
}

if (offer && select && isKnown()) {
  const show = () => {
    offer.hidden = select.value === zone;
  };
  offer.querySelector("[data-zone]").textContent = zone.replaceAll("_", " ");
  offer.querySelector("button").addEventListener("click", () => {
    select.value = zone;
    show();
    select.focus();
  });
  select.addEventListener("change", show);
  show();
}
