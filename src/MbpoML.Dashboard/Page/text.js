// Small helpers: elements whose texts are always texts, and numbers as people read them.
(function () {
    "use strict";
    const mbpo = (window.mbpo = window.mbpo || {});

    // Whatever a run is called, it enters the page as text.
    mbpo.el = function (tag, properties, ...children) {
        const element = document.createElement(tag);
        for (const [name, value] of Object.entries(properties || {})) {
            if (value === undefined || value === null || value === false) continue;
            if (name === "text") element.textContent = value;
            else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
            else element.setAttribute(name, value === true ? "" : value);
        }
        element.append(...children.filter((child) => child !== undefined && child !== null));
        return element;
    };

    mbpo.svg = function (tag, attributes, ...children) {
        const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
        for (const [name, value] of Object.entries(attributes || {})) element.setAttribute(name, value);
        element.append(...children);
        return element;
    };

    // Writes only what changed, so that a reader of the screen is not disturbed by equal texts.
    mbpo.setText = function (element, text) {
        if (element.textContent !== text) element.textContent = text;
    };

    // Fills a choice, keeping what is chosen.
    mbpo.setChoices = function (select, choices, chosen) {
        const now = JSON.stringify(choices);
        if (select.dataset.choices !== now) {
            select.dataset.choices = now;
            select.replaceChildren(...choices.map(([value, text]) => mbpo.el("option", { value, text })));
        }
        select.value = choices.some(([value]) => value === chosen) ? chosen : choices.length > 0 ? choices[0][0] : "";
    };

    // Four digits that count, with thin spaces between thousands.
    mbpo.number = function (value) {
        if (value === null || value === undefined || !Number.isFinite(value)) return "–";
        const size = Math.abs(value);
        if (size !== 0 && (size >= 1e7 || size < 1e-3)) return value.toExponential(2);
        const digits = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : size >= 1 ? 3 : 4;
        const [whole, part] = value.toFixed(digits).split(".");
        const grouped = whole.replace(/\B(?=(\d{3})+$)/g, "\u202f");
        const rest = (part || "").replace(/0+$/, "");
        return rest ? `${grouped}.${rest}` : grouped;
    };

    mbpo.duration = function (seconds) {
        if (!Number.isFinite(seconds) || seconds < 0) return "–";
        if (seconds < 90) return `${Math.round(seconds)} s`;
        if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
        if (seconds < 172800) return `${(seconds / 3600).toFixed(1)} h`;
        return `${(seconds / 86400).toFixed(1)} days`;
    };

    mbpo.share = (part) => (Number.isFinite(part) ? `${(100 * part).toFixed(part < 0.1 ? 1 : 0)}%` : "–");

    mbpo.slug = (text) =>
        text
            .replace(/[^A-Za-z0-9.-]+/g, "-")
            .replace(/^-+|-+$/g, "")
            .slice(0, 80) || "chart";

    mbpo.save = function (content, type, name) {
        const blob = content instanceof Blob ? content : new Blob([content], { type });
        const link = mbpo.el("a", { href: URL.createObjectURL(blob), download: name });
        document.body.append(link);
        link.click();
        link.remove();
        setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    };

    // Calls at most once a stretch of time, and once at its end.
    mbpo.calmly = function (work, wait) {
        let timer = 0;
        return () => {
            if (timer) return;
            timer = setTimeout(() => {
                timer = 0;
                work();
            }, wait);
        };
    };
})();
