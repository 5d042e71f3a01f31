// Axes of a study: what a place on one means, from 0 at its foot to 1, and the range of it that is kept.
(function () {
    "use strict";
    const mbpo = window.mbpo;
    const { number } = mbpo;
    const places = [0, 0.25, 0.5, 0.75, 1];

    // A key moves an end of a range by one of so many parts of the axis.
    const Parts = 20;

    function valueAt({ choices, low, high, isLogarithmic }, place) {
        if (choices.length > 0) return choices[Math.min(choices.length - 1, Math.floor(place * choices.length))];
        return number(isLogarithmic ? low * (high / low) ** place : low + place * (high - low));
    }

    function ticksOf(parameter) {
        if (parameter.choices.length > 0)
            return parameter.choices
                .slice(0, 12)
                .map((text, index) => [(index + 0.5) / parameter.choices.length, text.length > 14 ? `${text.slice(0, 13)}…` : text]);
        return places.map((place) => [place, valueAt(parameter, place)]);
    }

    mbpo.axisOfOption = (parameter, index) => ({
        name: parameter.path,
        ticks: ticksOf(parameter),
        at: (trial) => trial.place[index],
        told: (place) => valueAt(parameter, place),
    });

    // The last axis: the return, over what the trials reached.
    mbpo.axisOfReturns = function (trials, lastOf) {
        const values = trials.map(lastOf).filter((value) => value !== null);
        const [low, high] = [Math.min(...values), Math.max(...values)];
        const at = (value) => (value === null || values.length === 0 ? null : high > low ? (value - low) / (high - low) : 0.5);
        const told = (place) => number(low + place * (high - low));
        const ticks = values.length === 0 ? [] : places.map((place) => [place, told(place)]);
        return { name: "mean return", ticks, at: (trial) => at(lastOf(trial)), told };
    };

    // An axis as readers of screens know it: a slider. The roles have none with two ends, so that its text tells both.
    mbpo.sliderOf = function (axis, range) {
        const [low, high] = range ?? [0, 1];
        const text = range ? `from ${axis.told(low)} to ${axis.told(high)}` : "all";
        return {
            role: "slider",
            "aria-orientation": "vertical",
            "aria-label": `Kept of ${axis.name}: ${text}`,
            "aria-valuemin": "0",
            "aria-valuemax": "100",
            "aria-valuenow": String(Math.round(100 * low)),
            "aria-valuetext": text,
        };
    };

    // The range after a key: Up and Down move its lower end, with Shift the upper one. null: all of the axis; undefined: the key says nothing of it.
    mbpo.rangeAfter = function ([low, high], { key, shiftKey }) {
        if (key === "Escape" || key === "Delete") return null;
        const step = { ArrowUp: 1, ArrowDown: -1 }[key];
        if (step === undefined) return undefined;
        const moved = (end) => Math.min(1, Math.max(0, Math.round(end * Parts + step) / Parts));
        // An end stays a part away from the other one.
        const range = shiftKey
            ? [low, Math.max(moved(high), Math.min(high, low + 1 / Parts))]
            : [Math.min(moved(low), Math.max(low, high - 1 / Parts)), high];
        return range[0] > 0 || range[1] < 1 ? range : null;
    };
})();
