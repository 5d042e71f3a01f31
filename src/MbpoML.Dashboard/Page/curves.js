// What is computed from curves: smoothing, common steps, means and bands over seeds, and their table. Nothing here knows the page.
(function () {
    "use strict";
    const mbpo = (window.mbpo = window.mbpo || {});
    const MostPoints = 1500;
    const curves = (mbpo.curves = {});

    // Exponential moving average without the pull towards zero that the first values would have: s_t / (1 - w^t), as TensorBoard smooths.
    curves.smooth = function (values, weight) {
        if (!(weight > 0)) return values;
        let sum = 0;
        let bias = 1;
        return values.map((value) => {
            sum = weight * sum + (1 - weight) * value;
            bias *= weight;
            return sum / (1 - bias);
        });
    };

    // The values at some places, linear between the points that were measured and null beyond them. Both lists ascend.
    curves.at = function (xs, ys, places) {
        let next = 0;
        return places.map((place) => {
            while (next < xs.length && xs[next] < place) next++;
            if (next === xs.length) return null;
            if (xs[next] === place) return ys[next];
            if (next === 0) return null;
            const part = (place - xs[next - 1]) / (xs[next] - xs[next - 1]);
            return ys[next - 1] + part * (ys[next] - ys[next - 1]);
        });
    };

    // The places of all curves where there are not too many; else as many as a picture can show, evenly spaced.
    curves.places = function (lists) {
        const all = new Set();
        let [low, high] = [Infinity, -Infinity];
        for (const xs of lists) {
            if (xs.length === 0) continue;
            low = Math.min(low, xs[0]);
            high = Math.max(high, xs[xs.length - 1]);
            if (all.size <= MostPoints) for (const x of xs) all.add(x);
        }
        if (all.size <= MostPoints) return [...all].sort((a, b) => a - b);
        return Array.from({ length: MostPoints }, (_, index) => low + ((high - low) * index) / (MostPoints - 1));
    };

    // Mean and band at each place, over the runs that reach it. The deviation is the sample's.
    curves.band = function (rows, kind) {
        const length = rows.length === 0 ? 0 : rows[0].length;
        const [mean, low, high, runs] = [[], [], [], []];
        for (let place = 0; place < length; place++) {
            const values = rows.map((row) => row[place]).filter((value) => value !== null);
            const count = values.length;
            runs.push(count);
            if (count === 0) {
                mean.push(null);
                low.push(null);
                high.push(null);
                continue;
            }
            const middle = values.reduce((sum, value) => sum + value, 0) / count;
            const deviation = count < 2 ? 0 : Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (count - 1));
            const half = kind === "error" ? deviation / Math.sqrt(count) : deviation;
            mean.push(middle);
            low.push(kind === "range" ? Math.min(...values) : middle - half);
            high.push(kind === "range" ? Math.max(...values) : middle + half);
        }
        return { mean, low, high, runs };
    };

    // The lines of a chart on common places. Each curve: { label, runs: [{ xs, ys }] }.
    curves.lines = function (sources, weight, kind) {
        const smoothed = sources.map((source) => ({
            ...source,
            runs: source.runs.map((run) => ({ xs: run.xs, ys: curves.smooth(run.ys, weight) })),
        }));
        const places = curves.places(smoothed.flatMap((source) => source.runs.map((run) => run.xs)));
        return {
            places,
            lines: smoothed.map((source) => {
                const rows = source.runs.map((run) => curves.at(run.xs, run.ys, places));
                return { ...source, rows, ...curves.band(rows, kind) };
            }),
        };
    };

    // A program that opens tables must not take a name for a formula.
    const cell = (value) => {
        if (value === null || value === undefined) return "";
        if (typeof value === "number") return String(value);
        const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
        return /[",\n\r]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
    };

    curves.csv = (rows) => rows.map((row) => row.map(cell).join(",")).join("\n") + "\n";
})();
