// The list of runs: what stands, how far it is, and whether it is drawn; and what is told of each run when it is opened.
(function () {
    "use strict";
    const mbpo = window.mbpo;
    const { el, store, view, number, duration, setText } = mbpo;
    const list = document.getElementById("runs");
    const items = new Map();
    const Silent = 600;

    // A run whose process was killed still says that it is running: nothing for ten minutes and ten epochs' time is told.
    function statusOf(run) {
        if (run.status !== "running" || run.lastTime === null) return run.status;
        const since = store.now() - run.lastTime;
        const epoch = run.epochs > 0 ? run.seconds / run.epochs : 0;
        return since > Math.max(Silent, 10 * epoch) ? "silent" : "running";
    }

    function detailsOf(run) {
        const left = run.rate && run.plannedSteps ? (run.plannedSteps - run.steps) / run.rate : NaN;
        return [
            [
                "Status",
                statusOf(run) === "silent"
                    ? `says that it is running, but wrote nothing for ${duration(store.now() - run.lastTime)}`
                    : run.status,
            ],
            ["Steps", run.plannedSteps ? `${number(run.steps)} of ${number(run.plannedSteps)}` : number(run.steps)],
            ["Speed", run.rate ? `${number(run.rate)} steps a second` : "–"],
            ["Time", duration(run.seconds) + (run.status === "running" && Number.isFinite(left) ? `, ${duration(left)} left` : "")],
            ["Last return", number(run.lastReturn)],
            ["Task", run.task],
            ["Algorithm", run.algorithm],
            ["Seed", run.seed],
            ["Started", run.started ? new Date(1000 * run.started).toISOString().slice(0, 16).replace("T", " ") + " UTC" : "–"],
            ["Machine", run.machine || "–"],
            ...(run.failure ? [["Failure", run.failure]] : []),
            ...run.notes.map((note) => ["Note", note]),
        ];
    }

    function make(run) {
        const box = el("input", { type: "checkbox", onchange: () => view.hide([run.id], !box.checked) });
        const parts = {
            box,
            swatch: el("span", { class: "swatch", "aria-hidden": "true" }),
            name: el("span", { class: "name" }),
            badge: el("span", { class: "badge" }),
            meta: el("span", { class: "meta" }),
            bar: el("span", { class: "bar", "aria-hidden": "true" }),
            facts: el("dl"),
        };
        parts.fill = el("span");
        parts.bar.append(parts.fill);
        parts.more = el(
            "details",
            { class: "more" },
            el("summary", {}, parts.badge, parts.meta),
            parts.facts,
        );
        parts.more.addEventListener("toggle", () => update(run.id));
        parts.item = el("li", {}, el("label", { class: "pick" }, box, parts.swatch, parts.name), parts.more, parts.bar);
        return parts;
    }

    function fill(parts, run, group, hidden) {
        const status = statusOf(run);
        parts.box.checked = !hidden.has(run.id);
        parts.swatch.style.background = group ? group.color : "transparent";
        setText(parts.name, run.name);
        parts.name.title = run.name;
        setText(parts.badge, status);
        parts.badge.className = `badge ${status}`;
        const left =
            run.status === "running" && run.rate && run.plannedSteps ? `, ${duration((run.plannedSteps - run.steps) / run.rate)} left` : "";
        setText(parts.meta, run.epochs > 0 ? `return ${number(run.lastReturn)} at ${number(run.steps)}${left}` : "no epoch yet");
        parts.fill.style.width = `${100 * Math.min(1, run.plannedSteps ? run.steps / run.plannedSteps : run.status === "finished" ? 1 : 0)}%`;
        if (parts.more.open)
            parts.facts.replaceChildren(...detailsOf(run).flatMap(([name, text]) => [el("dt", { text: name }), el("dd", { text })]));
    }

    function update(id) {
        const run = store.run(id);
        if (!run) return;
        const group = view.groups().find((one) => one.all.includes(run));
        fill(items.get(id), run, group, view.hidden_());
    }

    // Elements stay where they are, so that the focus and what is open stay, too.
    mbpo.showRuns = function (groups) {
        const hidden = view.hidden_();
        const shown = groups.flatMap((group) => group.all.map((run) => ({ run, group })));
        for (const { run, group } of shown) {
            if (!items.has(run.id)) items.set(run.id, make(run));
            fill(items.get(run.id), run, group, hidden);
        }
        const wanted = shown.map(({ run }) => items.get(run.id).item);
        if (wanted.length !== list.children.length || wanted.some((item, index) => list.children[index] !== item))
            list.replaceChildren(...wanted);
        const all = store.state.runs;
        const going = all.filter((run) => statusOf(run) === "running").length;
        setText(
            document.getElementById("run-count"),
            `${shown.length === all.length ? all.length : `${shown.length} of ${all.length}`}${going > 0 ? `, ${going} running` : ""}`,
        );
    };
})();
