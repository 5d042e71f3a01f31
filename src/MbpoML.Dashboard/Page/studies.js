// Studies: each trial a line across the axes of its options, coloured by its return, and a table of the trials.
(function () {
    "use strict";
    const mbpo = window.mbpo;
    const { el, svg, store, view, number } = mbpo;
    const [Width, Height, Top, Bottom, Side] = [900, 340, 54, 28, 70];

    // Parts of Cividis: even in lightness, the same to colour-blind eyes, and the best farthest from the background.
    const onLight = ["#b5a550", "#8f8a6e", "#6b6d73", "#3f557c", "#00224e"];
    const onDark = ["#566b97", "#7d7c78", "#a59c74", "#d2c060", "#fee838"];

    function colorOf(part) {
        const scale = view.isDark() ? onDark : onLight;
        const place = Math.min(0.9999, Math.max(0, part)) * (scale.length - 1);
        const [low, high] = [scale[Math.floor(place)], scale[Math.floor(place) + 1]].map((color) =>
            [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16)),
        );
        return `rgb(${low.map((value, index) => Math.round(value + (high[index] - value) * (place % 1))).join(", ")})`;
    }

    const lastOf = (trial) => (trial.returns.length > 0 ? trial.returns[trial.returns.length - 1] : null);
    // As `mbpo study show`: who came farthest first, then the best.
    const ranked = (trials) =>
        [...trials].sort(
            (one, other) =>
                other.returns.length - one.returns.length ||
                (lastOf(other) ?? -Infinity) - (lastOf(one) ?? -Infinity) ||
                one.number - other.number,
        );

    class StudyCard {
        constructor(id) {
            Object.assign(this, { id, focus: null, ranges: new Map(), shown: "" });
            this.title = el("h3");
            this.said = el("p", { class: "help" });
            this.result = el("p", { class: "result" });
            this.notes = el("p", { class: "notes", hidden: true });
            this.which = el(
                "select",
                { onchange: () => this.update(true) },
                ...[
                    ["all", "all trials"],
                    ["finished", "finished ones"],
                    ["best", "the best quarter"],
                ].map(([value, text]) => el("option", { value, text })),
            );
            this.clear = el("button", {
                type: "button",
                class: "small",
                text: "Clear ranges",
                hidden: true,
                onclick: () => {
                    this.ranges.clear();
                    this.update(true);
                    // The button is gone now.
                    this.picture.focus({ preventScroll: true });
                },
            });
            this.picture = el("div", {
                class: "scroll",
                tabindex: "0",
                role: "group",
                "aria-label": "Trials across the axes of their options",
            });
            this.head = el("tr");
            this.rows = el("tbody");
            this.card = el(
                "article",
                { class: "card" },
                el(
                    "header",
                    {},
                    this.title,
                    this.clear,
                    el("button", {
                        type: "button",
                        class: "small",
                        text: "CSV",
                        "aria-label": "CSV of the trials",
                        onclick: () => this.save(),
                    }),
                    el("button", {
                        type: "button",
                        class: "small",
                        text: "PNG",
                        "aria-label": "PNG of the trials",
                        onclick: () => this.savePicture(),
                    }),
                ),
                this.said,
                this.result,
                this.notes,
                el("label", { class: "field inline" }, "Show ", this.which),
                this.picture,
                el("p", {
                    class: "help",
                    text:
                        "Drag along an axis to keep a range of it. By keyboard, Up and Down move the lower end of the axis in focus, " +
                        "with Shift the upper end, and Escape clears it. Broken lines are trials that were stopped early.",
                }),
                el(
                    "div",
                    { class: "scroll", tabindex: "0", role: "group", "aria-label": "Trials" },
                    el("table", { class: "trials" }, el("thead", {}, this.head), this.rows),
                ),
            );
        }

        update(isForced) {
            const study = store.state.studies.find((one) => one.id === this.id);
            const now = JSON.stringify([study, view.isDark()]);
            if (!study || (!isForced && now === this.shown)) return;
            this.shown = now;
            this.study = study;
            this.title.textContent = study.name;
            this.card.setAttribute("aria-label", `Study ${study.name}`);
            const finished = study.trials.filter((trial) => trial.status === "finished").length;
            const count = `${study.trials.length} of ${study.plannedTrials} trials proposed by ${study.sampler}, ${finished} finished`;
            this.said.textContent = `${study.task}, ${study.algorithm}: ${count}.`;
            this.result.textContent = this.resultOf(study);
            this.notes.textContent = study.notes.join(" ");
            this.notes.hidden = study.notes.length === 0;
            this.clear.hidden = this.ranges.size === 0;
            const trials = this.kept();
            this.draw(trials);
            this.fill(trials);
        }

        resultOf({ winner, trials }) {
            if (!winner || !trials[winner.trial]) return "Not at its end: nothing stands fast yet.";
            if (winner.returns.length === 0) return `Trial ${winner.trial} was chosen and runs again with fresh seeds.`;
            const mean = winner.returns.reduce((sum, value) => sum + value, 0) / winner.returns.length;
            const squares = winner.returns.reduce((sum, value) => sum + (value - mean) ** 2, 0);
            const deviation = winner.returns.length > 1 ? Math.sqrt(squares / (winner.returns.length - 1)) : 0;
            return `Trial ${winner.trial} with ${winner.returns.length} fresh seeds: ${number(mean)} ± ${number(deviation)}.`;
        }

        axes() {
            return [...this.study.parameters.map(mbpo.axisOfOption), mbpo.axisOfReturns(this.study.trials, lastOf)];
        }

        kept() {
            const axes = this.axes();
            let trials = ranked(this.study.trials);
            if (this.which.value === "finished") trials = trials.filter((trial) => trial.status === "finished");
            if (this.which.value === "best") trials = trials.slice(0, Math.ceil(trials.length / 4));
            return trials.filter((trial) =>
                [...this.ranges].every(
                    ([axis, [low, high]]) =>
                        axes[axis] && axes[axis].at(trial) !== null && axes[axis].at(trial) >= low && axes[axis].at(trial) <= high,
                ),
            );
        }

        draw(trials) {
            const axes = this.axes();
            const grips = () => [...this.picture.querySelectorAll(".grip")];
            const focused = grips().indexOf(document.activeElement);
            const x = (index) => Side + (index * (Width - 2 * Side)) / Math.max(1, axes.length - 1);
            const y = (place) => Top + (1 - place) * (Height - Top - Bottom);
            const worth = axes[axes.length - 1].at;
            // The best are drawn last, on top.
            const lines = [...trials].reverse().map((trial) => {
                const points = axes
                    .map((axis, index) => [x(index), axis.at(trial)])
                    .filter(([, place]) => place !== null)
                    .map(([left, place]) => `${left},${y(place)}`);
                const line = svg("polyline", {
                    points: points.join(" "),
                    class: `trial ${trial.status}${trial.number === this.focus ? " focus" : ""}`,
                    stroke: worth(trial) === null ? "gray" : colorOf(worth(trial)),
                });
                const title = svg("title", {});
                title.textContent = `Trial ${trial.number}: ${number(lastOf(trial))}`;
                line.append(title);
                line.addEventListener("pointerenter", () => this.light(trial.number));
                line.addEventListener("pointerleave", () => this.light(null));
                return line;
            });
            // Of the drawing only the axes can be reached: the table below has the rest.
            const picture = svg(
                "svg",
                {
                    viewBox: `0 0 ${Width} ${Height}`,
                    class: "parallel",
                    role: "group",
                    "aria-label": `${trials.length} trials; the table below has their numbers.`,
                },
                svg("g", { "aria-hidden": "true" }, ...lines),
                ...axes.map((axis, index) => this.axis(axis, index, x(index), y)),
            );
            this.picture.replaceChildren(picture);
            if (focused >= 0) grips()[focused].focus({ preventScroll: true });
            this.lines = new Map([...trials].reverse().map((trial, index) => [trial.number, lines[index]]));
        }

        axis(axis, index, left, y) {
            const text = (content, attributes) => {
                const element = svg("text", attributes);
                element.textContent = content;
                return element;
            };
            const short = axis.name.split(".").pop();
            const shown = svg(
                "g",
                { "aria-hidden": "true" },
                svg("line", { x1: left, x2: left, y1: y(0), y2: y(1) }),
                text(short, { x: left, y: 22, class: "title" }),
                text(axis.name === short ? "" : axis.name.slice(0, axis.name.length - short.length - 1), { x: left, y: 38 }),
                ...axis.ticks.map(([place, label]) => text(label, { x: left + 8, y: y(place) + 4, class: "tick" })),
            );
            const range = this.ranges.get(index);
            if (range)
                shown.append(svg("rect", { x: left - 7, width: 14, y: y(range[1]), height: y(range[0]) - y(range[1]), class: "range" }));
            const grip = svg("rect", {
                x: left - 16,
                width: 32,
                y: y(1),
                height: y(0) - y(1),
                class: "grip",
                tabindex: "0",
                ...mbpo.sliderOf(axis, range),
            });
            grip.addEventListener("pointerdown", (event) => this.drag(event, grip, index));
            grip.addEventListener("keydown", (event) => this.press(event, index));
            return svg("g", { class: "axis" }, shown, grip);
        }

        press(event, index) {
            const range = mbpo.rangeAfter(this.ranges.get(index) ?? [0, 1], event);
            if (range === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
            event.preventDefault();
            this.keep(index, range);
        }

        keep(index, range) {
            if (range === null) this.ranges.delete(index);
            else this.ranges.set(index, range);
            this.update(true);
        }

        drag(event, grip, index) {
            event.preventDefault();
            const box = grip.getBoundingClientRect();
            // The ends are hard to meet to the pixel.
            const snapped = (part) => (part < 0.03 ? 0 : part > 0.97 ? 1 : part);
            const place = (one) => snapped(1 - (one.clientY - box.top) / box.height);
            const first = place(event);
            const end = (last) => {
                window.removeEventListener("pointerup", end);
                const range = [first, place(last)].sort((a, b) => a - b);
                this.keep(index, range[1] - range[0] < 0.02 ? null : range);
            };
            window.addEventListener("pointerup", end);
        }

        light(focus) {
            this.focus = focus;
            this.lines.forEach((line, trial) => line.classList.toggle("focus", trial === focus));
            this.card.classList.toggle("focused", focus !== null);
            [...this.rows.children].forEach((row) => row.classList.toggle("focus", row.dataset.trial === String(focus)));
        }

        fill(trials) {
            const heads = ["trial", "state", "mean return", ...this.study.parameters.map((parameter) => parameter.path)];
            this.head.replaceChildren(...heads.map((text) => el("th", { scope: "col", text })));
            this.rows.replaceChildren(
                ...trials.map((trial) => {
                    const row = el(
                        "tr",
                        { "data-trial": trial.number, class: this.study.winner?.trial === trial.number ? "differs" : "" },
                        el("th", { scope: "row", text: String(trial.number) }),
                        el("td", { text: trial.failure ? `${trial.status}: ${trial.failure}` : trial.status }),
                        el("td", { text: number(lastOf(trial)) }),
                        ...trial.values.map((text) => el("td", { text })),
                    );
                    row.addEventListener("pointerenter", () => this.light(trial.number));
                    row.addEventListener("pointerleave", () => this.light(null));
                    return row;
                }),
            );
        }

        // The trials that are shown now.
        save() {
            const heads = ["trial", "state", "looks", "mean return", ...this.study.parameters.map((parameter) => parameter.path)];
            const rows = this.kept().map((trial) => [
                trial.number,
                trial.status,
                trial.returns.length,
                lastOf(trial),
                ...trial.values,
            ]);
            mbpo.save(mbpo.curves.csv([heads, ...rows]), "text/csv", `${mbpo.slug(this.study.name)}-trials.csv`);
        }

        // The trials and ranges that are shown now.
        savePicture() {
            mbpo.savePicture(mbpo.pictureOfDrawing(this.study.name, this.picture.firstElementChild), `${this.study.name}-trials`);
        }
    }

    mbpo.makeStudies = function () {
        const cards = el("div");
        const made = new Map();
        const element = el(
            "section",
            { id: "studies", "aria-labelledby": "studies-title" },
            el("h2", { id: "studies-title", text: "Studies" }),
            cards,
        );

        function show() {
            const studies = store.state.studies;
            for (const study of studies) if (!made.has(study.id)) made.set(study.id, new StudyCard(study.id));
            const wanted = studies.map((study) => made.get(study.id));
            if (wanted.length !== cards.children.length || wanted.some((one, index) => cards.children[index] !== one.card)) {
                const focused = document.activeElement;
                cards.replaceChildren(...wanted.map((one) => one.card));
                if (cards.contains(focused)) focused.focus({ preventScroll: true });
            }
            wanted.forEach((one) => one.update(false));
            return studies.length > 0;
        }

        return { id: "studies", title: "Studies", element, show };
    };
})();
