// One chart: a card with a heading, curves of one or several metrics for each group, a table of its numbers, and its copies as CSV and PNG.
(function () {
    "use strict";
    const mbpo = window.mbpo;
    const { el, store, view, curves, number } = mbpo;
    const Height = 270;
    const MostInTip = 9;

    // Charts that nobody sees are not drawn before they come into sight.
    const watch = new IntersectionObserver((entries) => entries.forEach((entry) => entry.target.chart.show(entry.isIntersecting)), {
        rootMargin: "300px",
    });
    const resize = new ResizeObserver((entries) => entries.forEach((entry) => entry.target.chart.fit()));
    const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

    // A flat line lies in the middle.
    const rangeOf = (plot, low, high) => {
        if (low === null) return [0, 1];
        const half = low === high ? Math.max(Math.abs(low) / 10, 0.1) : 0;
        return half > 0 ? [low - half, high + half] : uPlot.rangeNum(low, high, 0.1, true);
    };

    mbpo.Chart = class Chart {
        // parts: [{ metric, name, isDashed, value: (curve, otherCurve) => number, minus: metric }]; the first gives the chart its name.
        constructor({ title, help, parts, only, isFirst }) {
            Object.assign(this, { title, help, parts, only, isFirst, isVisible: false, plot: null, drawn: "" });
            this.box = el("div", {
                class: "plot",
                tabindex: "0",
                role: "group",
                "aria-label": `Curves: ${title}. The left and right arrow keys read values.`,
            });
            this.tip = el("div", { class: "tip", hidden: true });
            this.said = el("p", { class: "hidden", "aria-live": "polite" });
            this.table = el("tbody");
            this.key = el("p", {
                class: "key",
                text: parts.length > 1 ? parts.map((part) => `${part.isDashed ? "dashed" : "solid"}: ${part.name}`).join(", ") : "",
            });
            const button = (text, work) =>
                el("button", { type: "button", class: "small", "aria-label": `${text} of ${title}`, onclick: work, text });
            this.card = el(
                "article",
                { class: "card", "aria-label": title },
                el(
                    "header",
                    {},
                    el("h3", { text: title }),
                    button("CSV", () => this.saveTable()),
                    button("PNG", () => this.savePicture()),
                ),
                help ? el("p", { class: "help", text: help }) : null,
                this.key,
                this.box,
                this.said,
                el(
                    "details",
                    { class: "numbers", ontoggle: () => this.fillTable() },
                    el("summary", { text: "Numbers" }),
                    el(
                        "div",
                        { class: "scroll", tabindex: "0", role: "group", "aria-label": `Numbers of ${title}` },
                        el(
                            "table",
                            {},
                            el(
                                "thead",
                                {},
                                el(
                                    "tr",
                                    {},
                                    ...["group", "curve", "last", "lowest", "highest", "runs"].map((text) =>
                                        el("th", { scope: "col", text }),
                                    ),
                                ),
                            ),
                            this.table,
                        ),
                    ),
                ),
            );
            this.card.chart = this.box.chart = this;
            this.box.addEventListener("keydown", (event) => this.step(event));
            watch.observe(this.card);
            resize.observe(this.box);
        }

        get metrics() {
            return this.parts.flatMap((part) => (part.minus ? [part.metric, part.minus] : [part.metric]));
        }

        show(isVisible) {
            this.isVisible = isVisible;
            if (isVisible) this.draw();
        }

        // Whether a run that is shown has the metric: a chart without a curve is left out.
        has(groups) {
            return groups.some((group) => group.runs.some((run) => this.parts.some((part) => run.metrics.includes(part.metric))));
        }

        gather() {
            const sources = [];
            for (const group of this.only ? [this.only()] : view.groups())
                for (const part of this.parts) {
                    const runs = group.runs.map((run) => ({ run, ...this.pointsOf(run, part) })).filter((run) => run.xs.length > 0);
                    if (runs.length > 0) sources.push({ group, part, label: group.label, runs });
                }
            return curves.lines(sources, Number(view.smooth), view.band);
        }

        pointsOf(run, part) {
            const curve = store.curve(part.metric, run.id);
            if (!curve) return { xs: [], ys: [] };
            const other = part.minus ? store.curve(part.minus, run.id) : null;
            if (part.minus && !other) return { xs: [], ys: [] };
            const others = other ? curves.at(other.steps, other.values, curve.steps) : null;
            const [xs, ys] = [[], []];
            curve.steps.forEach((step, index) => {
                const x = view.x === "hours" ? curve.seconds[index] / 3600 : step;
                const y = curve.values[index] - (others ? others[index] : 0);
                if (x < 0 || (others && others[index] === null) || (xs.length > 0 && x <= xs[xs.length - 1])) return;
                xs.push(x);
                ys.push(y);
            });
            return { xs, ys };
        }

        draw() {
            if (!this.isVisible || !this.box.isConnected || this.box.clientWidth === 0) return;
            // Curves that nobody sees are not asked for: with many runs all of them are tens of megabytes.
            this.metrics.forEach((metric) => store.want(metric));
            this.data = this.gather();
            const isLog = Boolean(view.log) && this.data.lines.every((line) => line.mean.every((value) => value === null || value > 0));
            const columns = [this.data.places];
            const series = [{}];
            const bands = [];
            for (const line of this.data.lines) {
                const style = {
                    stroke: line.group.color,
                    dash: line.part.isDashed ? [4, 4] : line.group.dash,
                    spanGaps: true,
                    points: { show: this.data.places.length < 3 },
                };
                if (view.each && line.runs.length > 1)
                    line.rows.forEach((row) => {
                        columns.push(row);
                        series.push({ ...style, width: 0.75, alpha: 0.5 });
                    });
                if (view.band !== "none" && line.runs.length > 1 && !isLog) {
                    columns.push(line.high, line.low);
                    series.push({ ...style, width: 0, points: { show: false } }, { ...style, width: 0, points: { show: false } });
                    bands.push({
                        series: [series.length - 2, series.length - 1],
                        fill: `${line.group.color}${view.isDark() ? "33" : "26"}`,
                    });
                }
                columns.push(line.mean);
                series.push({ ...style, width: 2 });
            }
            const form = JSON.stringify([series, bands, isLog, view.x, view.isDark(), this.box.clientWidth]);
            // Only numbers are new while a run goes on: the plot and its zoom stay.
            if (this.plot && form === this.drawn) this.plot.setData(columns, this.plot.isZoomed !== true);
            else this.make(columns, series, bands, isLog);
            this.drawn = form;
            // An empty frame waits for its curves.
            this.box.dataset.curves = this.data.lines.length;
            this.fillTable();
        }

        make(columns, series, bands, isLog) {
            if (this.plot) this.plot.destroy();
            const axis = {
                stroke: token("--soft"),
                grid: { stroke: token("--grid"), width: 1 },
                ticks: { show: false },
                font: "12px system-ui, sans-serif",
            };
            this.plot = new uPlot(
                {
                    width: this.box.clientWidth,
                    height: Height,
                    series,
                    bands,
                    legend: { show: false },
                    padding: [12, 30, 0, 0],
                    scales: { x: { time: false }, y: { distr: isLog ? 3 : 1, range: isLog ? undefined : rangeOf } },
                    axes: [
                        {
                            ...axis,
                            values: (_, places) => places.map(number),
                            label: view.x === "hours" ? "hours of training" : "steps",
                            size: 30,
                            gap: 9,
                            labelSize: 20,
                            labelFont: axis.font,
                        },
                        { ...axis, size: 64, values: (_, values) => values.map((value) => (value === null ? "" : number(value))) },
                    ],
                    cursor: { sync: { key: "mbpo", setSeries: false }, points: { show: false }, drag: { x: true, y: false } },
                    hooks: {
                        setCursor: [(plot) => this.tell(plot)],
                        setScale: [
                            (plot, name) => {
                                const places = plot.data[0];
                                if (name === "x" && places.length > 0)
                                    plot.isZoomed = plot.scales.x.min > places[0] || plot.scales.x.max < places[places.length - 1];
                            },
                        ],
                    },
                },
                columns,
                this.box,
            );
            this.plot.over.append(this.tip);
            this.plot.ctx.canvas.setAttribute("aria-hidden", "true");
        }

        fit() {
            if (this.plot && Math.abs(this.box.clientWidth - this.plot.width) > 1) this.draw();
        }

        // The values at a place, the highest first.
        valuesAt(index) {
            return this.data.lines
                .filter((line) => line.mean[index] !== null && line.mean[index] !== undefined)
                .map((line) => ({
                    color: line.group.color,
                    text: this.parts.length > 1 ? `${line.label}, ${line.part.name}` : line.label,
                    value: line.mean[index],
                }))
                .sort((one, other) => other.value - one.value);
        }

        tell(plot) {
            const index = plot.cursor.idx;
            const values = index === null || index === undefined || plot.cursor.left < 0 || !this.data ? [] : this.valuesAt(index);
            this.tip.hidden = values.length === 0 || !(this.box.matches(":hover") || this.box.contains(document.activeElement));
            if (this.tip.hidden) return;
            const rows = values.slice(0, MostInTip).map((value) => {
                const swatch = el("span", { class: "swatch" });
                swatch.style.background = value.color;
                return el("div", {}, swatch, el("span", { text: value.text }), el("b", { text: number(value.value) }));
            });
            this.tip.replaceChildren(el("div", { class: "at", text: `${number(this.data.places[index])} ${view.x}` }), ...rows);
            if (values.length > MostInTip) this.tip.append(el("div", { class: "at", text: `and ${values.length - MostInTip} more` }));
            const isRight = plot.cursor.left > plot.over.clientWidth / 2;
            this.tip.style.left = isRight ? "" : `${plot.cursor.left + 14}px`;
            this.tip.style.right = isRight ? `${plot.over.clientWidth - plot.cursor.left + 14}px` : "";
        }

        step(event) {
            const move = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key];
            if (!move || !this.plot || this.data.places.length === 0) return;
            event.preventDefault();
            const last = this.data.places.length - 1;
            this.at = Math.min(last, Math.max(0, (this.at ?? last) + move));
            this.plot.setCursor({ left: this.plot.valToPos(this.data.places[this.at], "x"), top: 10 });
            mbpo.setText(
                this.said,
                `${number(this.data.places[this.at])} ${view.x}: ` +
                    this.valuesAt(this.at)
                        .slice(0, MostInTip)
                        .map((value) => `${value.text} ${number(value.value)}`)
                        .join("; "),
            );
        }

        fillTable() {
            if (!this.data || !this.table.closest("details").open) return;
            this.table.replaceChildren(
                ...this.data.lines.map((line) => {
                    const values = line.mean.filter((value) => value !== null);
                    return el(
                        "tr",
                        {},
                        ...[
                            line.label,
                            line.part.name,
                            number(values[values.length - 1]),
                            number(Math.min(...values)),
                            number(Math.max(...values)),
                            String(line.rows.length),
                        ].map((text) => el("td", { text })),
                    );
                }),
            );
        }

        saveTable() {
            this.isVisible = true;
            this.draw();
            mbpo.save(curves.csv(this.rows()), "text/csv", `${mbpo.slug(this.title)}.csv`);
        }

        rows() {
            const rows = [["metric", "group", view.x, "mean", "low", "high", "runs"]];
            for (const line of this.data.lines)
                this.data.places.forEach((place, index) => {
                    if (line.mean[index] !== null)
                        rows.push([
                            line.part.name,
                            line.label,
                            place,
                            line.mean[index],
                            line.low[index],
                            line.high[index],
                            line.runs[index],
                        ]);
                });
            return rows;
        }

        savePicture() {
            this.isVisible = true;
            this.draw();
            mbpo.savePicture(mbpo.pictureOf(this), this.title);
        }
    };
})();
