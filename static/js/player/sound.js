// The sound of a film: off or on, and how loud.

const AGAIN = 0.5; // how loud it is, switched on while it was turned all the way down

export function bindSound(video, { mute, volume }) {
  if (!mute) return;
  const isOff = () => video.muted || video.volume === 0;
  const show = () => {
    mute.ariaPressed = String(isOff());
    mute.firstElementChild.className = `icon icon-volume-${isOff() ? "x" : "2"}`;
    volume.value = isOff() ? 0 : video.volume;
  };
  mute.addEventListener("click", () => {
    video.muted = !isOff();
    if (!video.muted && video.volume === 0) video.volume = AGAIN;
  });
  volume.addEventListener("input", () => {
    video.volume = Number(volume.value);
    video.muted = false;
  });
  video.addEventListener("volumechange", show);
  // On some devices only their own keys say how loud it is: setting it has no effect.
  video.volume = AGAIN;
  volume.hidden = video.volume !== AGAIN;
  video.volume = 1;
}
