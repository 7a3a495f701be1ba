"use strict";
// Saves a chart as PNG: the browser draws the chart's own SVG, in the theme of the page.
(() => {
  const WIDTH = 960; // that a drawing is given at least, before it is scaled
  const SCALE = 2;
  const MARGIN = 12 * SCALE;

  // The file is not parsed here, where the page's policy would forbid its style sheet.
  function sized(text, theme) {
    const start = text.slice(0, text.indexOf(">"));
    const found = (name) => start.match(new RegExp(` ${name}="([^"]*)"`))?.[1];
    const [x, y, width, height] = (found("viewBox") ?? `0 0 ${WIDTH} ${found("height")}`).split(" ").map(Number);
    const scale = SCALE * Math.max(1, WIDTH / width);
    const size = { width: Math.round(width * scale), height: Math.round(height * scale) };
    const rest = start.slice("<svg".length).replace(/ (viewBox|width|height)="[^"]*"/g, "");
    const box = `viewBox="${x} ${y} ${width} ${height}" width="${size.width}" height="${size.height}"`;
    return { ...size, text: `<svg data-theme="${theme}" ${box}${rest}${text.slice(start.length)}` };
  }

  async function drawn(address) {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(answer.statusText);
    const chosen = document.documentElement.dataset.theme;
    const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    const { width, height, text } = sized(await answer.text(), chosen === "auto" ? system : chosen);
    const image = new Image(width, height);
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = width + 2 * MARGIN;
    canvas.height = height + 2 * MARGIN;
    const pen = canvas.getContext("2d");
    pen.fillStyle = getComputedStyle(document.documentElement).backgroundColor;
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(image, MARGIN, MARGIN, width, height);
    return new Promise((done) => canvas.toBlob(done, "image/png"));
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-png]");
    if (!button) return;
    const address = new URL(button.previousElementSibling.href);
    button.disabled = true;
    try {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(await drawn(address));
      link.download = `${address.pathname.replace(/^\/(crises\/)?|\.svg$/g, "").replace(/\/(charts\/)?/g, "-")}.png`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    } catch {
      document.getElementById("announce").textContent = "It could not be drawn";
    }
    button.disabled = false;
    button.focus({ preventScroll: true });
  });
})();
