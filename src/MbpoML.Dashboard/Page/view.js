// What the viewer chose, kept in the address, so that a link and an offline copy show the same; and the groups that follow from it.
(function () {
    "use strict";
    const mbpo = window.mbpo;
    const { store } = mbpo;
    const listeners = new Set();
    const MostTold = 4;
    const initial = {
        task: "",
        group: "seeds",
        filter: "",
        hidden: "",
        smooth: "0",
        x: "steps",
        band: "deviation",
        each: "",
        log: "",
        a: "",
        b: "",
        more: "",
    };

    // Options that decide no result, or only name the run.
    const heads = /^(seed|label|logged|task|preset|algorithm|environment|environmentType|timeLimit|changes\..*)$/;
    const plain = { test: (name) => heads.test(name) || /\.(Workers|Threads|Device|Acceleration)$|^Trainer\.(Checkpoints\.|Steps$)/.test(name) };

    // Blue, vermilion, green, purple, orange, sky, gray, after Okabe and Ito: told apart with every kind of colour blindness. Dashes tell the next seven
    // apart.
    const light = ["#0072b2", "#d55e00", "#00805f", "#b0518d", "#a86f00", "#2f8fc4", "#4d4d4d"];
    const dark = ["#58b4f0", "#ff8a4c", "#2fd0a5", "#e79ac6", "#f0b63a", "#9bd3ff", "#d0d0d0"];
    const dashes = [[], [8, 4], [2, 3], [10, 3, 2, 3]];
    const isDark = window.matchMedia("(prefers-color-scheme: dark)");

    const view = (mbpo.view = { ...initial, listen: (listener) => listeners.add(listener), isDark: () => isDark.matches });
    const given = new URLSearchParams(location.hash.slice(1) || (store.copy ? store.copy.view : ""));
    for (const name of Object.keys(initial)) if (given.has(name)) view[name] = given.get(name).slice(0, 3000);

    const tell = mbpo.calmly(() => listeners.forEach((listener) => listener()), 30);
    isDark.addEventListener("change", tell);

    view.text = function () {
        const query = new URLSearchParams();
        for (const [name, usual] of Object.entries(initial)) if (view[name] !== usual && view[name] !== "") query.set(name, view[name]);
        return query.toString();
    };

    view.set = function (changes) {
        Object.assign(view, changes);
        history.replaceState(null, "", `#${view.text()}`);
        tell();
    };

    view.hidden_ = () => new Set(view.hidden ? view.hidden.split(" ") : []);

    view.hide = function (ids, hides) {
        const hidden = view.hidden_();
        ids.forEach((id) => (hides ? hidden.add(id) : hidden.delete(id)));
        view.set({ hidden: [...hidden].join(" ") });
    };

    // The options in which some runs differ. One that a run does not have, as older versions wrote it, counts as equal.
    view.differing = function (runs) {
        const names = new Set(runs.flatMap((run) => Object.keys(store.state.options[run.id] || {})));
        const values = (name) => new Set(runs.map((run) => optionOf(run, name)).filter((value) => value !== ""));
        return [...names].filter((name) => !plain.test(name) && values(name).size > 1).sort();
    };

    const optionOf = (run, name) => (store.state.options[run.id] || {})[name] ?? store.state.shared[name] ?? "";
    view.optionOf = optionOf;

    view.tasks = () => [...new Set(store.state.runs.map((run) => run.task))].sort();

    // The task that is shown: the chosen one, else that with the most runs.
    view.shownTask = function () {
        const tasks = view.tasks();
        if (tasks.includes(view.task)) return view.task;
        const count = (task) => store.state.runs.filter((run) => run.task === task && run.epochs > 0).length;
        return tasks.sort((one, other) => count(other) - count(one))[0] || "";
    };

    const comparisons = {
        "!=": (a, b) => a !== b,
        "<=": (a, b) => Number(a) <= Number(b),
        ">=": (a, b) => Number(a) >= Number(b),
        "=": (a, b) => a === b,
        "<": (a, b) => Number(a) < Number(b),
        ">": (a, b) => Number(a) > Number(b),
    };

    function holds(run, word) {
        const parts = /^([A-Za-z][\w.]*)(!=|<=|>=|=|<|>)(.+)$/.exec(word);
        if (!parts) return `${run.name} ${run.algorithm} ${run.label || ""} ${run.status}`.toLowerCase().includes(word.toLowerCase());
        const [, asked, sign, value] = parts;
        const all = { seed: run.seed, status: run.status, algorithm: run.algorithm, ...store.options(run.id) };
        const name = Object.keys(all).find(
            (path) => path.toLowerCase() === asked.toLowerCase() || path.toLowerCase().endsWith(`.${asked.toLowerCase()}`),
        );
        if (name === undefined) return false;
        const [has, wants] = [String(all[name]).replace(/\s/g, "").toLowerCase(), value.toLowerCase()];
        return has !== "" && (comparisons[sign](has, wants) || (sign === "=" && Number(has) === Number(wants)));
    }

    // The runs of the task that pass the filter, hidden ones among them.
    view.listed = function () {
        const words = view.filter.split(/\s+/).filter((word) => word);
        const task = view.shownTask();
        return store.state.runs.filter((run) => run.task === task && words.every((word) => holds(run, word)));
    };

    // As few options as tell the groups apart: each time the one that splits them most, one that all runs have before others.
    function telling(runs, differing) {
        const told = [];
        const groupsBy = (names) => new Set(runs.map((run) => JSON.stringify([run.algorithm, run.label, names.map((name) => optionOf(run, name))]))).size;
        const wanted = groupsBy(differing);
        for (let count = groupsBy([]); count < wanted; ) {
            const left = differing.filter((name) => !told.includes(name));
            const worth = left.map((name) => groupsBy([...told, name]) + (runs.every((run) => optionOf(run, name)) ? 0.5 : 0));
            const best = left[worth.indexOf(Math.max(...worth))];
            told.push(best);
            count = groupsBy(told);
        }
        return told.sort();
    }

    function titleOf(run, told) {
        if (view.group === "runs") return run.name;
        if (view.group === "algorithm") return run.algorithm;
        if (view.group !== "seeds") return `${view.group.split(".").pop()} ${optionOf(run, view.group) || "–"}`;
        if (run.label) return run.label;
        const changes = told.slice(0, MostTold).map((name) => `${name.split(".").pop()} ${optionOf(run, name) || "–"}`);
        if (told.length > MostTold) changes.push(`${told.length - MostTold} more options`);
        return [run.algorithm, ...changes].join(", ");
    }

    function keyOf(run, differing) {
        if (view.group === "runs") return run.id;
        if (view.group === "algorithm") return run.algorithm;
        if (view.group !== "seeds") return optionOf(run, view.group);
        return JSON.stringify([run.algorithm, run.label, differing.map((name) => optionOf(run, name))]);
    }

    // The groups of the listed runs, each with its colour; a hidden run leaves the colours as they are.
    view.groups = function () {
        const listed = view.listed();
        const hidden = view.hidden_();
        const differing = view.differing(listed);
        const told = view.group === "seeds" ? telling(listed, differing) : [];
        const groups = new Map();
        for (const run of listed) {
            const key = keyOf(run, differing);
            if (!groups.has(key)) groups.set(key, { key, label: titleOf(run, told), all: [] });
            groups.get(key).all.push(run);
        }
        const colors = isDark.matches ? dark : light;
        const compare = new Intl.Collator("en", { numeric: true }).compare;
        return [...groups.values()]
            .sort((one, other) => compare(one.label, other.label))
            .map((group, index) => ({
                ...group,
                color: colors[index % colors.length],
                dash: dashes[Math.floor(index / colors.length) % dashes.length],
                runs: group.all.filter((run) => !hidden.has(run.id)),
            }));
    };
})();
