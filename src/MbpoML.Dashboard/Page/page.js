// Puts the page together, and shows it anew when the runs or the viewer's choices change.
(function () {
    "use strict";
    const mbpo = window.mbpo;
    const { el, store, view, setText } = mbpo;
    const at = (id) => document.getElementById(id);
    const sections = [
        ...mbpo.makeCharts(),
        mbpo.makeStages(),
        mbpo.makeStudies(),
        mbpo.makeFilms(),
        mbpo.makeDifferences(),
        mbpo.makeMore(),
    ];
    at("sections").append(...sections.map((section) => section.element));
    const links = sections.map((section) =>
        el(
            "li",
            {},
            el("a", {
                href: `#${section.id}`,
                text: section.title,
                onclick: (event) => {
                    // The address holds the viewer's choices, so that the jump is made here.
                    event.preventDefault();
                    section.element.scrollIntoView();
                    section.element.querySelector("h2").focus({ preventScroll: true });
                },
            }),
        ),
    );
    sections.forEach((section) => section.element.querySelector("h2").setAttribute("tabindex", "-1"));
    at("section-links").append(...links);

    for (const name of ["task", "group", "x", "band"])
        at(name).addEventListener("change", (event) => view.set({ [name]: event.target.value }));
    for (const name of ["each", "log"])
        at(name).addEventListener("change", (event) => view.set({ [name]: event.target.checked ? "1" : "" }));
    for (const name of ["smooth", "filter"]) at(name).addEventListener("input", (event) => view.set({ [name]: event.target.value }));
    at("show-all").addEventListener("click", () =>
        view.hide(
            view.listed().map((run) => run.id),
            false,
        ),
    );
    at("show-none").addEventListener("click", () =>
        view.hide(
            view.listed().map((run) => run.id),
            true,
        ),
    );
    at("copy").addEventListener("click", () => (at("copy").href = `offline.html?view=${encodeURIComponent(view.text())}`));
    at("copy").hidden = store.copy !== null;
    // On a phone the curves come first.
    if (window.matchMedia("(max-width: 800px)").matches) at("runs-panel").open = false;

    function showChoices() {
        const differing = view.differing(view.listed());
        mbpo.setChoices(
            at("task"),
            view.tasks().map((task) => [task, task]),
            view.shownTask(),
        );
        mbpo.setChoices(
            at("group"),
            [
                ["seeds", "all but the seed"],
                ["runs", "each run alone"],
                ["algorithm", "algorithm"],
                ...differing.map((name) => [name, name]),
            ],
            view.group,
        );
        at("filter-names").replaceChildren(
            ...["status=running", ...differing.map((name) => `${name.split(".").pop()}=`)].map((value) => el("option", { value })),
        );
        for (const name of ["x", "band", "smooth", "filter"]) if (at(name).value !== view[name]) at(name).value = view[name];
        for (const name of ["each", "log"]) at(name).checked = Boolean(view[name]);
        setText(at("smooth-value"), Number(view.smooth).toFixed(2));
        at("smooth").setAttribute("aria-valuetext", view.smooth === "0" ? "none" : view.smooth);
    }

    function showGroups(groups) {
        at("groups").replaceChildren(
            ...groups
                .filter((group) => group.runs.length > 0)
                .map((group) => {
                    const line = mbpo.svg(
                        "svg",
                        { width: 26, height: 10, "aria-hidden": "true" },
                        mbpo.svg("line", {
                            x1: 1,
                            x2: 25,
                            y1: 5,
                            y2: 5,
                            stroke: group.color,
                            "stroke-width": 3,
                            "stroke-dasharray": group.dash.join(" "),
                        }),
                    );
                    return el(
                        "span",
                        { class: "group", role: "listitem" },
                        line,
                        el("span", { text: group.label }),
                        el("span", { class: "count", text: `${group.runs.length}` }),
                    );
                }),
        );
    }

    function showState() {
        const text = store.copy
            ? `Offline copy of ${new Date(1000 * store.state.now).toISOString().slice(0, 16).replace("T", " ")} UTC`
            : store.isConnected === null
              ? "Connecting"
              : store.isConnected
                ? "Live"
                : "Connection lost, trying again";
        setText(at("connection"), text);
        at("connection").className = store.copy ? "" : store.isConnected ? "live" : "lost";
        const notes = store.state.notes;
        at("notes").hidden = notes.length === 0;
        setText(at("notes"), notes.join(" "));
        at("empty").hidden = store.state.runs.length > 0 || store.state.studies.length > 0 || (!store.copy && store.isConnected !== true);
    }

    function show() {
        const groups = view.groups();
        showState();
        showChoices();
        showGroups(groups);
        mbpo.showRuns(groups);
        sections.forEach((section, index) => {
            const isShown = section.show(groups);
            section.element.hidden = !isShown;
            links[index].hidden = !isShown;
        });
        document.documentElement.dataset.ready = store.copy || store.isConnected ? "1" : "";
    }

    store.listen(show);
    view.listen(show);
    store.start(mbpo.firstMetric);
    show();
})();
