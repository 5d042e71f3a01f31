// Where the time of each group went, as bars and as numbers.
(function () {
    "use strict";
    const mbpo = window.mbpo;
    const { el, view, share, duration } = mbpo;
    const Total = "time/total-seconds";
    const stages = [
        ["model", "Model fitting"],
        ["rollout", "Rollouts"],
        ["policy", "Policy updates"],
        ["environment", "Environment"],
        ["evaluation", "Evaluation"],
    ];
    const metricOf = (stage) => `time/${stage}-seconds`;
    const lastOf = (metric, run) => run.times[metric] || 0;

    function timesOf(group) {
        const runs = group.runs.filter((run) => lastOf(Total, run) > 0);
        if (runs.length === 0) return null;
        const sum = (metric) => runs.reduce((total, run) => total + lastOf(metric, run), 0) / runs.length;
        const total = sum(Total);
        const parts = stages.map(([stage, title]) => ({ stage, title, part: sum(metricOf(stage)) / total }));
        parts.push({ stage: "other", title: "Other", part: Math.max(0, 1 - parts.reduce((all, one) => all + one.part, 0)) });
        return { group, total, parts, runs: runs.length };
    }

    // A share on its piece of the bar, where there is room for it.
    const shareOn = (part) => (part.part > 0.09 ? share(part.part) : "");

    function rowOf({ group, total, parts }) {
        const bar = el(
            "div",
            { class: "stack", "aria-hidden": "true" },
            ...parts.map((part) => {
                const piece = el("span", {
                    class: `stage ${part.stage}`,
                    title: `${part.title}: ${share(part.part)}`,
                    text: shareOn(part),
                });
                piece.style.flexGrow = String(part.part);
                return piece;
            }),
        );
        const swatch = el("span", { class: "swatch", "aria-hidden": "true" });
        swatch.style.background = group.color;
        return el(
            "tr",
            {},
            el("th", { scope: "row" }, swatch, el("span", { text: group.label })),
            el("td", { class: "bars" }, bar),
            el("td", { text: duration(total) }),
            ...parts.map((part) => el("td", { text: share(part.part) })),
        );
    }

    mbpo.makeStages = function () {
        const rows = el("tbody");
        const heads = [...stages, ["other", "Other"]];
        const saved = () =>
            mbpo.save(
                mbpo.curves.csv([
                    ["group", "seconds", ...heads.map(([stage]) => stage)],
                    ...times().map((one) => [one.group.label, one.total, ...one.parts.map((part) => part.part)]),
                ]),
                "text/csv",
                "stage-times.csv",
            );
        const key = el(
            "p",
            { class: "key" },
            ...heads.map(([stage, title]) =>
                el("span", { class: "keyed" }, el("span", { class: `swatch stage ${stage}`, "aria-hidden": "true" }), title),
            ),
        );
        const savedPicture = () => {
            const colors = [...key.querySelectorAll(".stage")].map((swatch) => getComputedStyle(swatch).backgroundColor);
            mbpo.savePicture(
                mbpo.pictureOfBars(
                    "Share of the stages",
                    heads.map(([, label], index) => ({ label, color: colors[index] })),
                    times().map(({ group, total, parts }) => ({
                        label: group.label,
                        total: duration(total),
                        parts: parts.map((part, index) => ({ part: part.part, text: shareOn(part), color: colors[index] })),
                    })),
                ),
                "stage-times",
            );
        };
        const times = () =>
            view
                .groups()
                .map(timesOf)
                .filter((one) => one !== null);
        const chart = new mbpo.Chart({
            title: "Seconds of training",
            help: "At each step, over all sessions.",
            parts: [{ metric: Total, name: "seconds" }],
        });
        const element = el(
            "section",
            { id: "time", "aria-labelledby": "time-title" },
            el("h2", { id: "time-title", text: "Stage times" }),
            el(
                "article",
                { class: "card", "aria-label": "Share of the stages" },
                el(
                    "header",
                    {},
                    el("h3", { text: "Share of the stages" }),
                    el("button", { type: "button", class: "small", "aria-label": "CSV of the stage times", text: "CSV", onclick: saved }),
                    el("button", { type: "button", class: "small", "aria-label": "PNG of the stage times", text: "PNG", onclick: savedPicture }),
                ),
                el("p", { class: "help", text: "Mean over the runs of each group, since they began." }),
                key,
                el(
                    "div",
                    { class: "scroll", tabindex: "0", role: "group", "aria-label": "Shares of the stages" },
                    el(
                        "table",
                        { class: "stages" },
                        el(
                            "thead",
                            {},
                            el(
                                "tr",
                                {},
                                el("th", { scope: "col", text: "group" }),
                                el("th", { scope: "col", class: "bars", text: "share" }),
                                el("th", { scope: "col", text: "total" }),
                                ...heads.map(([, title]) => el("th", { scope: "col", text: title })),
                            ),
                        ),
                        rows,
                    ),
                ),
            ),
            el("div", { class: "cards" }, chart.card),
        );
        chart.card.classList.add("alone");

        function show() {
            const all = times();
            rows.replaceChildren(...all.map(rowOf));
            chart.draw();
            return view.groups().some((group) => group.runs.some((run) => run.metrics.includes(Total)));
        }

        return { id: "time", title: "Stage times", element, show };
    };
})();
