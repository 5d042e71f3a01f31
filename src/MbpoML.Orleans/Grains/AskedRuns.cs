using MbpoML.Experiments;
using MbpoML.Experiments.Studies;
using MbpoML.Orleans.Leases;

namespace MbpoML.Orleans.Grains;

/// <summary>The runs that a study asks for now, and what is known of each.</summary>
internal sealed class AskedRuns
{
    private readonly Asked[] _runs;

    public AskedRuns(Study study, StudyLook look) => (Look, _runs) = (look, [.. look.Runs.Select(run => new Asked(run, study.OptionsOf(run).ToJson()))]);

    /// <summary>What was asked for.</summary>
    public StudyLook Look { get; }

    /// <summary>What became of each run, in their order; null while one of them is not over.</summary>
    public IReadOnlyList<StudyRunResult>? Results => _runs.All(run => run.Result is not null) ? [.. _runs.Select(run => run.Result!)] : null;

    /// <summary>Who trains what.</summary>
    public IReadOnlyList<string> Busy => [.. _runs.Where(run => run is { Result: null, Worker: not null }).Select(run => run.ToString())];

    /// <summary>The real steps that each run has, as far as they were told, in their order.</summary>
    public IReadOnlyList<long> Steps => [.. _runs.Select(run => run.Steps)];

    /// <summary>The runs that are not over, and of which something new may be known.</summary>
    /// <param name="now">The time stamp of now.</param>
    /// <param name="worker">The worker that asks for work, which may just have ended a run.</param>
    public IReadOnlyList<Asked> Open(long now, string worker) =>
        [.. _runs.Where(run => run.Result is null && (run.RetryAt <= now || run.Worker == worker))];

    /// <summary>The runs that have to be looked at: those of which nothing is known yet, and of those that somebody has the ones that are due.</summary>
    /// <param name="now">The time stamp of now.</param>
    public IReadOnlyList<Asked> ToLookAt(long now) => [.. _runs.Where(run => run.IsToLookAt(now))];

    /// <summary>A run that was asked for.</summary>
    /// <param name="run">The trial, the seed and the steps of the run.</param>
    /// <param name="options">The content of its options.json.</param>
    internal sealed class Asked(StudyRun run, string options)
    {
        private long _epoch, _lookAt;
        private bool _isKnown;

        public StudyRun Run => run;

        public string Options => options;

        public StudyRunResult? Result { get; private set; }

        public string? Worker { get; private set; }

        public long Steps { get; private set; }

        public long RetryAt { get; private set; } = long.MinValue;

        // A run that nobody has stays as it is until somebody takes it, which is told here.
        public bool IsToLookAt(long now) => Result is null && (!_isKnown || (Worker is not null && _lookAt <= now));

        public void Told(long epoch, string worker, long retryAt) => (_epoch, Worker, RetryAt, _isKnown) = (epoch, worker, retryAt, true);

        public void Silent(long retryAt) => RetryAt = retryAt;

        public void LookedAt(TrialSituation situation, long now, long lookAt)
        {
            // Who has it decides when somebody else may ask for it; nobody is to wait for a run that was given back.
            Told(situation, situation.Worker is null ? now : RetryAt);
            _lookAt = lookAt;
            // A run that is just handed over has those of its checkpoint at least.
            Steps = Result is null ? Math.Max(situation.Steps, situation.Checkpoint?.Step ?? 0) : run.Steps;
        }

        public void Told(TrialSituation situation, long retryAt)
        {
            (_epoch, Worker, RetryAt, _isKnown) = (situation.Epoch, situation.Worker, retryAt, true);
            if (situation.DoneSteps >= run.Steps) Result = new StudyRunResult(RunStatus.Finished, situation.Value, null);
            else if (situation.Failure is { } failure) Result = new StudyRunResult(RunStatus.Failed, null, failure);
        }

        public override string ToString() => Invariant($"{StudyTask.Of("", run).Name} at {Worker}, epoch {_epoch}");
    }
}
