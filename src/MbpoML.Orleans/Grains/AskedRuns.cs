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

    /// <summary>The runs that are not over, and of which something new may be known.</summary>
    /// <param name="now">The time stamp of now.</param>
    /// <param name="worker">A worker that asks for work, which may just have ended a run; null for none.</param>
    public IReadOnlyList<Asked> Open(long now, string? worker = null) =>
        [.. _runs.Where(run => run.Result is null && (run.RetryAt <= now || (worker is not null && run.Worker == worker)))];

    /// <summary>A run that was asked for.</summary>
    /// <param name="run">The run.</param>
    /// <param name="options">The content of its options.json.</param>
    internal sealed class Asked(StudyRun run, string options)
    {
        private long _epoch;

        public StudyRun Run => run;

        public string Options => options;

        public StudyRunResult? Result { get; private set; }

        public string? Worker { get; private set; }

        public long RetryAt { get; private set; } = long.MinValue;

        public void Told(long epoch, string worker, long retryAt) => (_epoch, Worker, RetryAt) = (epoch, worker, retryAt);

        public void Silent(long retryAt) => RetryAt = retryAt;

        public void Told(TrialSituation situation, long retryAt)
        {
            (_epoch, Worker, RetryAt) = (situation.Epoch, situation.Worker, retryAt);
            if (situation.DoneSteps >= run.Steps) Result = new StudyRunResult(RunStatus.Finished, situation.Value, null);
            else if (situation.Failure is { } failure) Result = new StudyRunResult(RunStatus.Failed, null, failure);
        }

        public override string ToString() => Invariant($"{StudyTask.Of("", run).Name} at {Worker}, epoch {_epoch}");
    }
}
