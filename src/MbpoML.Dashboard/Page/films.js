// Films of runs, each beside the curve of its run.
(function () {
    "use strict";
    const mbpo = window.mbpo;
    const { el, store, view } = mbpo;
    const isStill = window.matchMedia("(prefers-reduced-motion: reduce)");

    function pictureOf(run, film, address) {
        if (!address) return el("p", { class: "help", text: `${film.name} is too large for an offline copy.` });
        const text = `Film ${film.name} of ${run.name}`;
        if (film.isVideo) return el("video", { src: address, controls: true, preload: "metadata", "aria-label": text });
        if (!isStill.matches || film.name.endsWith(".png")) return el("img", { src: address, alt: text, loading: "lazy" });
        // A moving picture cannot be stopped: who wants little motion starts it.
        const button = el("button", {
            type: "button",
            text: `Show ${film.name}`,
            onclick: () => button.replaceWith(el("img", { src: address, alt: text })),
        });
        return button;
    }

    mbpo.makeFilms = function () {
        const cards = el("div", { class: "films" });
        const made = new Map();
        const element = el(
            "section",
            { id: "films", "aria-labelledby": "films-title" },
            el("h2", { id: "films-title", text: "Films" }),
            el("p", { class: "help", text: "Pictures and films in the folder of a run, or in its folder films; mbpo video makes them." }),
            cards,
        );

        function make(run) {
            const only = () => ({
                label: run.name,
                key: run.id,
                color: view.groups().find((group) => group.all.some((one) => one.id === run.id))?.color || "#888888",
                dash: [],
                runs: [store.run(run.id)].filter((one) => one),
            });
            const chart = new mbpo.Chart({
                title: `Evaluation return of ${run.name}`,
                parts: [{ metric: "evaluation/return-mean", name: "evaluation return" }],
                only,
            });
            const films = el(
                "div",
                { class: "reel" },
                ...run.films.map((film, index) =>
                    el("figure", {}, pictureOf(run, film, store.filmOf(run, index)), el("figcaption", { text: film.name })),
                ),
            );
            return { key: JSON.stringify(run.films), chart, element: el("div", { class: "film" }, films, chart.card) };
        }

        function show(groups) {
            const runs = groups.flatMap((group) => group.runs).filter((run) => run.films.length > 0);
            for (const run of runs) if (made.get(run.id)?.key !== JSON.stringify(run.films)) made.set(run.id, make(run));
            const wanted = runs.map((run) => made.get(run.id).element);
            if (wanted.length !== cards.children.length || wanted.some((card, index) => cards.children[index] !== card))
                cards.replaceChildren(...wanted);
            runs.forEach((run) => made.get(run.id).chart.draw());
            return runs.length > 0;
        }

        return { id: "films", title: "Films", element, show };
    };
})();
