// What the page knows: the runs, their options, and the curves that were asked for. The server's stream of events keeps them up to date; an offline
// copy holds them.
(function () {
    "use strict";
    const mbpo = window.mbpo;
    const listeners = new Set();
    const inner = document.getElementById("offline-data");
    const copy = inner ? JSON.parse(inner.textContent) : null;
    const wanted = new Map();

    const store = (mbpo.store = {
        copy,
        state: { now: 0, runs: [], shared: {}, options: {}, studies: [], notes: [] },
        series: new Map(),
        skew: 0,
        isConnected: null,
        listen: (listener) => listeners.add(listener),
        run: (id) => store.state.runs.find((run) => run.id === id),
        // All options of a run.
        options: (id) => ({ ...store.state.shared, ...(store.state.options[id] || {}) }),
        // The curve of a metric and a run, if both are there.
        curve: (metric, id) => (store.series.get(metric) || {})[id],
        filmOf: (run, index) => (copy ? (copy.films[run.id] || [])[index] : `api/film?run=${run.id}&number=${index}`),
        now: () => (copy ? store.state.now : Date.now() / 1000 - store.skew),
    });

    const tell = mbpo.calmly(() => listeners.forEach((listener) => listener()), 20);

    // Asks for the curves of a metric, once.
    store.want = function (metric) {
        if (wanted.has(metric)) return;
        wanted.set(metric, true);
        if (copy) {
            store.series.set(metric, copy.series[metric] || {});
            tell();
        } else void load(metric);
    };

    async function getJson(address) {
        const answer = await fetch(address, { cache: "no-store" });
        if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
        return answer.json();
    }

    async function load(metric) {
        try {
            store.series.set(metric, await getJson(`api/series?metric=${encodeURIComponent(metric)}`));
            tell();
        } catch {
            // The stream tells when the server is back, and then everything is asked for again.
        }
    }

    function take(state) {
        store.state = state;
        store.skew = copy ? 0 : Date.now() / 1000 - state.now;
        tell();
    }

    const loadAll = mbpo.calmly(() => [...wanted.keys()].forEach(load), 300);

    // What is asked for from now on is up to date by itself: at the first connection that is everything.
    function reload() {
        if (wanted.size > 0) loadAll();
    }

    function append(change) {
        const place = store.state.runs.findIndex((run) => run.id === change.run.id);
        if (place < 0) return;
        store.state.runs[place] = change.run;
        if (change.rows === null) reload();
        else for (const row of change.rows) for (const [metric, all] of store.series) add(all, change.run.id, row, row.values[metric]);
        tell();
    }

    // What was asked for while the row came in has it already.
    function add(all, id, row, value) {
        if (value === undefined) return;
        const curve = (all[id] = all[id] || { steps: [], seconds: [], values: [] });
        if (curve.steps.length > 0 && curve.steps[curve.steps.length - 1] >= row.step) return;
        curve.steps.push(row.step);
        curve.seconds.push(row.seconds);
        curve.values.push(value);
    }

    // A new connection may have missed anything: everything is asked for again. The first one asks for the first chart beside the state, not after it.
    async function begin(firstMetric) {
        reload();
        store.want(firstMetric);
        try {
            take(await getJson("api/state"));
            store.isConnected = true;
        } catch {
            store.isConnected = false;
        }
        tell();
    }

    store.start = function (firstMetric) {
        if (copy) {
            take(copy.state);
            return;
        }
        const events = new EventSource("api/events");
        events.addEventListener("hello", () => void begin(firstMetric));
        events.addEventListener("run", (event) => append(JSON.parse(event.data)));
        events.addEventListener("state", (event) => {
            take(JSON.parse(event.data));
            reload();
        });
        events.addEventListener("error", () => {
            store.isConnected = false;
            tell();
        });
    };
})();
