// What looks at a page beside axe. It is loaded into every page before the page's own scripts.

// axe reads the same dozen colors and selectors thousands of times on a page: half of its work.
{
  const color = axe.commons.color.Color.prototype, read = color.parseString, colors = new Map();
  color.parseString = function (text) {
    if (colors.has(text)) [this.r, this.g, this.b, this.alpha] = colors.get(text);
    else {
      read.call(this, text);
      colors.set(text, [this.r, this.g, this.b, this.alpha]);
    }
    return this;
  };
  const parser = axe.imports.CssSelectorParser.prototype, parse = parser.parse, parsed = new Map();
  parser.parse = function (text) {
    if (!parsed.has(text)) parsed.set(text, parse.call(this, text));
    return parsed.get(text);
  };
}

// The contrast of a text follows from its ink: its color and size, and what is painted under it. A
// site has few inks and thousands of texts, so axe judges an ink once. An ink that begins with "?"
// is of one text alone: what is painted there does not follow from the elements around it.
axe.ours = (() => {
  const UNSEEN = "hidden range color checkbox radio image".split(" ");
  // axe takes this for hidden, also where a style shows it, as it shows the menu of a wide window.
  const CLOSED = "details:not([open]) > :not(summary:first-of-type) *";
  let texts = new Map();

  // Where the words of an element stand; nothing for one that says nothing, or not to the eye.
  const words = (element, box) => {
    if (box.width <= 1 || box.bottom < 0 || element.matches(CLOSED)) return [];
    if (element.matches("input, select, textarea")) {
      return UNSEEN.includes(element.type) ? [] : [box];
    }
    return [...element.childNodes].filter((node) => node.nodeType === 3 && node.data.trim())
      .map((node) => {
        const range = document.createRange();
        range.selectNodeContents(node);
        return range.getBoundingClientRect();
      });
  };

  // Leading makes boxes of words overlap by a pixel or two where nothing is painted over another.
  const overlaps = (a, b) => a.left + 2 < b.right && b.left + 2 < a.right
    && a.top + 2 < b.bottom && b.top + 2 < a.bottom;
  const holds = (a, b) => a.left <= b.left + 2 && b.right <= a.right + 2
    && a.top <= b.top + 2 && b.bottom <= a.bottom + 2;

  const inks = () => {
    texts = new Map();
    const under = new Map(), painted = [], written = [];
    for (const element of document.querySelectorAll("html, body, body *")) {
      if (!element.checkVisibility()) continue;
      const style = getComputedStyle(element), box = element.getBoundingClientRect();
      let paint = `${style.backgroundColor} ${style.backgroundImage}`;
      if (paint === "rgba(0, 0, 0, 0) none") paint = "";
      else if (element.parentElement && element !== document.body) painted.push([element, box]);
      for (const veil of ["opacity", "filter", "mixBlendMode", "visibility"]) {
        if (!["1", "none", "normal", "visible"].includes(style[veil])) paint += ` ${style[veil]}`;
      }
      under.set(element, `${under.get(element.parentElement) || ""}/${paint}`.replace(/\/$/, ""));
      for (const place of words(element, box)) {
        const own = [style.color, style.fontSize, style.fontWeight, style.textShadow,
          style.webkitTextFillColor, style.webkitTextStrokeWidth, element.matches(":disabled")];
        written.push([element, place, `${own.join(" ")} on ${under.get(element)}`]);
      }
    }
    for (const [element, place, seen] of written) {
      const is_plain = painted.every(([other, box]) =>
        other.contains(element) ? holds(box, place) : !overlaps(box, place));
      const ink = is_plain ? seen : `?${texts.size}`;
      if (!texts.has(ink)) texts.set(ink, []);
      texts.get(ink).push(element);
    }
    return [...texts.keys()];
  };

  // Only an ink of which axe has measured the contrast is right for all texts: it passes by what is
  // hidden, and is unsure of single letters.
  const judge = async (asked) => {
    const include = asked.flatMap((ink) => texts.get(ink));
    const { violations, passes } = await axe.run({ include }, {
      runOnly: { type: "rule", values: ["color-contrast"] },
      resultTypes: ["violations", "passes"],
      elementRef: true,
    });
    const measured = new Set(passes.flatMap((rule) => rule.nodes)
      .filter((node) => node.any[0].data.contrastRatio).map((node) => node.element));
    return {
      wrong: violations.map((rule) => [rule.id, rule.nodes.map((node) => node.target)]),
      right: asked.filter((ink) =>
        !ink.startsWith("?") && texts.get(ink).some((element) => measured.has(element))),
    };
  };

  // Which elements are there to be seen, as a number; what axe reads of a page besides is its text.
  const shown = () => {
    let sum = 0;
    for (const element of document.querySelectorAll("body *")) {
      const box = element.getBoundingClientRect();
      const is_shown = element.checkVisibility({ visibilityProperty: true });
      const is_beside = box.right <= 0 || box.bottom <= 0 || box.width <= 1;
      sum = (Math.imul(sum, 31) + is_shown + 2 * is_beside) | 0;
    }
    return sum;
  };

  const small = () => [...document.querySelectorAll("a, button, input, select, textarea, summary")]
    .filter((element) => {
      const box = element.getBoundingClientRect();
      if (!box.width || !box.height || box.right < 0) return false;
      if (element.tagName === "A" && getComputedStyle(element).display === "inline") return false;
      const label = element.closest("label");
      const area = label ? label.getBoundingClientRect() : box;
      return Math.min(area.width, area.height) < 24;
    }).map((element) => element.outerHTML.slice(0, 80));

  const over = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;

  const look = () => ({ over: over(), small: small(), shown: shown(), inks: inks() });

  const ask = async (rules) => (await axe.run(rules)).violations
    .map((rule) => [rule.id, rule.nodes.map((node) => node.target)]);

  return { look, ask, judge };
})();
