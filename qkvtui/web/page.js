// Beside textual-serve's own script: where the session is, in which letters, and what comes of a refusal.
const begin = window.onload;

// What is typed before the session is there, or when it is over, has nowhere to go.
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (data) {
  if (this.readyState === WebSocket.OPEN) send.call(this, data);
};

window.onload = async (event) => {
  const terminal = document.querySelector(".textual-terminal");
  const session = new URL("session", document.baseURI);
  session.protocol = session.protocol.replace("http", "ws");
  session.search = session.hash = "";
  terminal.dataset.sessionWebsocketUrl = session;
  // Measured before they are there, the cells would have the size of other letters.
  await Promise.all(["", "bold "].map((weight) => document.fonts.load(`${weight}16px "Roboto Mono"`)));
  begin(event);
  document.querySelector(".xterm-helper-textarea").focus();
};

document.addEventListener("DOMContentLoaded", () => {
  const body = document.body;
  new MutationObserver(async (_, observer) => {
    if (!body.classList.contains("-closed")) return;
    observer.disconnect();
    document.querySelector("#ended a").focus();
    if (body.classList.contains("-loaded")) return;
    // Refused: somebody was quicker, and the page that says so takes this one's place.
    const answer = await fetch(location.href);
    if (answer.status === 503) location.reload();
  }).observe(body, { attributes: true, attributeFilter: ["class"] });
});
