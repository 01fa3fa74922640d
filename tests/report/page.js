// What a reader would see of the page that is wrong, as a list of texts.
(() => {
  const problems = [];
  const LEAST_CONTRAST = 4.5;
  const TOUCH = 2; // px; boxes of rows are a little higher than their letters

  const named = (element) => {
    const words = element.textContent.trim().replace(/\s+/g, " ").slice(0, 40);
    return `<${element.tagName.toLowerCase()} class="${element.getAttribute("class") || ""}"> "${words}"`;
  };
  const colour = (text) => {
    const [r, g, b, a = 1] = text.match(/[\d.]+/g).map(Number);
    return { rgb: [r, g, b], a };
  };
  const over = (top, below) => top.rgb.map((part, i) => part * top.a + below[i] * (1 - top.a));
  const background = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) layers.push(colour(getComputedStyle(at).backgroundColor));
    return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255]);
  };
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((part) => {
      const c = part / 255;
      return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (element, text) => {
    const below = background(element);
    const [a, b] = [luminance(over(colour(text), below)), luminance(below)];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  };
  const check_contrast = (element, style, what) => {
    const found = contrast(element, style.color);
    if (found < LEAST_CONTRAST) problems.push(`contrast ${found.toFixed(2)}: ${what} of ${named(element)}`);
  };

  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width)
    problems.push(`sideways: ${document.documentElement.scrollWidth} px on ${width}`);

  const rows = [];
  for (const element of document.body.querySelectorAll("*")) {
    const style = getComputedStyle(element);
    if (!element.checkVisibility()) continue;
    const hides = style.overflowX !== "visible" || style.overflowY !== "visible";
    if (hides && element.scrollWidth > element.clientWidth && element.clientWidth > 0)
      problems.push(`cut: ${named(element)}`);
    for (const pseudo of ["::before", "::after"]) {
      const added = getComputedStyle(element, pseudo);
      if (!["none", "normal", '""'].includes(added.content)) check_contrast(element, added, pseudo);
    }
    let has_text = false;
    for (const node of element.childNodes) {
      if (node.nodeType !== Node.TEXT_NODE || !node.data.trim() || element instanceof SVGElement) continue;
      has_text = true;
      const range = document.createRange();
      range.selectNodeContents(node);
      const tops = new Set();
      for (const box of range.getClientRects()) {
        if (box.width < 1 || box.height < 1) continue;
        rows.push({ box, node, element });
        tops.add(Math.round(box.top));
        if (box.right > width + 1 || box.left < -1) problems.push(`cut: beyond the page: ${named(element)}`);
      }
      if (tops.size > 1 && /^\s*\S{1,10}\s*$/.test(node.data)) problems.push(`broken word: ${named(element)}`);
    }
    if (has_text) check_contrast(element, style, "text");
  }
  rows.sort((a, b) => a.box.top - b.box.top);
  rows.forEach((row, i) => {
    for (let j = i + 1; j < rows.length && rows[j].box.top < row.box.bottom - TOUCH; ++j) {
      const other = rows[j];
      const wide = Math.min(row.box.right, other.box.right) - Math.max(row.box.left, other.box.left);
      if (other.node !== row.node && wide > TOUCH)
        problems.push(`overlap: ${named(row.element)} and ${named(other.element)}`);
    }
  });
  return problems;
})()
