// The sections of curves, and what each chart shows.
(function () {
    "use strict";
    const mbpo = window.mbpo;
    const { el, store, view } = mbpo;
    const one = (metric, title, help) => ({ title, help, parts: [{ metric, name: title.toLowerCase() }] });

    const sections = [
        {
            id: "returns",
            title: "Returns",
            charts: [
                { ...one("evaluation/return-mean", "Evaluation return", "Mean return of the evaluation episodes, most likely actions."), isFirst: true },
                one(
                    "training/return-mean",
                    "Training return",
                    "Mean return of the training episodes that ended, actions drawn from the policy.",
                ),
                one("evaluation/length-mean", "Length of evaluation episodes"),
            ],
        },
        {
            id: "promises",
            title: "Promises against returns",
            charts: [
                {
                    title: "Promised and given",
                    help: "What the model promises for its first steps, and what the environment gave over the same steps.",
                    parts: [
                        { metric: "model/return-mean", name: "promised", isDashed: true },
                        { metric: "model/return-mean", minus: "model/return-excess", name: "given" },
                    ],
                },
                one("model/return-excess", "Promise minus return", "Above zero the model promises too much."),
                one(
                    "model/exploitation",
                    "Signs that the policy exploits the model",
                    "1 where the promise is far above the return, or impossible.",
                ),
                one("policy/q-mean", "Mean value of the critics"),
            ],
        },
        {
            id: "model",
            title: "Model error",
            charts: [
                one(
                    "model/holdout-mse",
                    "Error on held-out rows",
                    "Mean squared error of the next observation, in units of the environment.",
                ),
                one("model/new-rows-loss", "Error on new rows", "Before each fit, on the rows that came since the fit before."),
                one("model/holdout-loss", "Loss on held-out rows"),
                one("model/holdout-coverage-90", "Coverage of 90% intervals", "Near 0.9 when the model knows how uncertain it is."),
                one("model/train-loss", "Training loss of the model"),
                one("model/loss", "Loss of the latent model"),
                one("rollout/model-error", "Total variation of the model", "On the rows that came since the fit."),
            ],
        },
        {
            id: "rollouts",
            title: "Rollouts and their gate",
            charts: [
                {
                    title: "Rollout length",
                    help: "The length that the schedule asks for, and the mean length that was kept.",
                    parts: [
                        { metric: "rollout/length", name: "asked for", isDashed: true },
                        { metric: "rollout/mean-length", name: "kept" },
                    ],
                },
                one("rollout/stopped-fraction", "Share of rollouts that the gate stopped"),
                one("rollout/terminated-fraction", "Share of rollouts that the task ended"),
                one("rollout/gate-threshold", "Threshold of the gate", "In nats, below which a step is certain."),
                {
                    title: "Cutoffs of information",
                    help: "What a step and a rollout may lose, in bits.",
                    parts: [
                        { metric: "rollout/step-cutoff", name: "a step", isDashed: true },
                        { metric: "rollout/rollout-cutoff", name: "a rollout" },
                    ],
                },
                one("rollout/policy-shift", "Shift of the policy from the data"),
                one("rollout/pool-count", "Imagined transitions in the pool"),
            ],
        },
        {
            id: "policy",
            title: "Policy",
            charts: [
                one("policy/entropy", "Entropy"),
                one("policy/alpha", "Entropy coefficient"),
                one("policy/q-loss", "Loss of the critics"),
                one("policy/policy-loss", "Loss of the policy"),
                one("policy/divergence", "Divergence of the step"),
            ],
        },
    ];

    mbpo.firstMetric = sections[0].charts[0].parts[0].metric;

    mbpo.makeCharts = function () {
        return sections.map((section) => {
            const charts = section.charts.map((chart) => new mbpo.Chart(chart));
            const cards = el("div", { class: "cards" }, ...charts.map((chart) => chart.card));
            const element = el(
                "section",
                { id: section.id, "aria-labelledby": `${section.id}-title` },
                el("h2", { id: `${section.id}-title`, text: section.title }),
                cards,
            );
            return { id: section.id, title: section.title, element, show: (groups) => showCharts(charts, groups) };
        });
    };

    // A chart that is alone, or that most people look for, has the row for itself.
    function showCharts(charts, groups) {
        let count = 0;
        for (const chart of charts) {
            chart.card.hidden = !chart.has(groups);
            if (chart.card.hidden) continue;
            count++;
            chart.draw();
        }
        charts.forEach((chart) => chart.card.classList.toggle("alone", count === 1 || chart.isFirst === true));
        return count > 0;
    }

    // Any other metric, by choice.
    mbpo.makeMore = function () {
        const select = el("select", {
            id: "more-metric",
            onchange: () => view.set({ more: [...new Set([...chosen(), select.value])].filter((name) => name).join(" ") }),
        });
        const cards = el("div", { class: "cards" });
        const charts = new Map();
        const chosen = () => (view.more ? view.more.split(" ") : []);
        const element = el(
            "section",
            { id: "more", "aria-labelledby": "more-title" },
            el("h2", { id: "more-title", text: "More metrics" }),
            el("label", { class: "field inline" }, "Add a chart of ", select),
            cards,
        );

        function chartOf(metric) {
            if (!charts.has(metric)) {
                const chart = new mbpo.Chart({ title: metric, parts: [{ metric, name: metric }] });
                const remove = el("button", {
                    type: "button",
                    class: "small",
                    "aria-label": `Remove ${metric}`,
                    text: "Remove",
                    onclick: () =>
                        view.set({
                            more: chosen()
                                .filter((name) => name !== metric)
                                .join(" "),
                        }),
                });
                chart.card.querySelector("header").append(remove);
                charts.set(metric, chart);
            }
            return charts.get(metric);
        }

        function show(groups) {
            const runs = groups.flatMap((group) => group.all);
            const metrics = [...new Set(runs.flatMap((run) => run.metrics))].sort();
            mbpo.setChoices(select, [["", "choose a metric"], ...metrics.map((metric) => [metric, metric])], "");
            const shown = chosen()
                .filter((metric) => metrics.includes(metric))
                .map(chartOf);
            if (shown.length !== cards.children.length || shown.some((chart, index) => cards.children[index] !== chart.card))
                cards.replaceChildren(...shown.map((chart) => chart.card));
            shown.forEach((chart) => chart.draw());
            return store.state.runs.length > 0;
        }

        return { id: "more", title: "More metrics", element, show };
    };
})();
