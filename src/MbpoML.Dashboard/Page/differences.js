// The options of two runs beside each other: those that differ, or all.
(function () {
    "use strict";
    const mbpo = window.mbpo;
    const { el, store, view } = mbpo;
    const hidden = /^(changes\.|Trainer\.Checkpoints\.)/;

    mbpo.makeDifferences = function () {
        const [first, second] = ["a", "b"].map((name) =>
            el("select", { id: `run-${name}`, onchange: (event) => view.set({ [name]: event.target.value }) }),
        );
        const all = el("input", { type: "checkbox", onchange: () => show() });
        const rows = el("tbody");
        const [firstHead, secondHead] = [el("th", { scope: "col" }), el("th", { scope: "col" })];
        const said = el("p", { class: "help", role: "status" });
        let shown = "";
        const element = el(
            "section",
            { id: "options", "aria-labelledby": "options-title" },
            el("h2", { id: "options-title", text: "Options of two runs" }),
            el(
                "article",
                { class: "card", "aria-label": "Options of two runs" },
                el(
                    "div",
                    { class: "fields row" },
                    el("label", { class: "field" }, "First run ", first),
                    el("label", { class: "field" }, "Second run ", second),
                    el("label", { class: "check" }, all, " also those that are equal"),
                ),
                said,
                el(
                    "div",
                    { class: "scroll", tabindex: "0", role: "group", "aria-label": "Options" },
                    el(
                        "table",
                        { class: "options" },
                        el("thead", {}, el("tr", {}, el("th", { scope: "col", text: "option" }), firstHead, secondHead)),
                        rows,
                    ),
                ),
            ),
        );

        function show() {
            const runs = view.listed();
            const choices = runs.map((run) => [run.id, run.name]);
            mbpo.setChoices(first, choices, view.a);
            // Two runs that differ in more than the seed are worth a first look.
            const other = runs.find((run) => view.differing([store.run(first.value), run].filter((one) => one)).length > 0) || runs[1];
            mbpo.setChoices(second, choices, view.b || (other ? other.id : ""));
            const [one, two] = [store.options(first.value), store.options(second.value)];
            const names = [...new Set([...Object.keys(one), ...Object.keys(two)])].filter((name) => !hidden.test(name)).sort();
            const differing = names.filter((name) => one[name] !== two[name]);
            const now = JSON.stringify([first.value, second.value, all.checked, differing, names.length]);
            if (now === shown) return runs.length > 0;
            shown = now;
            const nameOf = (id) => (store.run(id) || { name: "" }).name;
            firstHead.textContent = nameOf(first.value);
            secondHead.textContent = nameOf(second.value);
            said.textContent = `${differing.length} of ${names.length} options differ.`;
            rows.replaceChildren(
                ...(all.checked ? names : differing).map((name) =>
                    el(
                        "tr",
                        { class: one[name] === two[name] ? "" : "differs" },
                        el("th", { scope: "row", text: name }),
                        el("td", { text: one[name] ?? "–" }),
                        el("td", { text: two[name] ?? "–" }),
                    ),
                ),
            );
            return runs.length > 0;
        }

        return { id: "options", title: "Options", element, show };
    };
})();
