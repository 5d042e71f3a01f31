using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Numerics;
using MbpoML.Training;
using MbpoML.Training.Metrics;

namespace MbpoML.Algorithms.Mbpo.Sweeps;

/// <content>What each seed runs with.</content>
public sealed partial class SeedSweep
{
    /// <summary>The settings of a sweep. Its functions are called for one seed at a time, on the seed's thread, so they need no locks.</summary>
    public sealed class Options
    {
        /// <summary>
        /// The settings of a seed's run, copied. Default: null, the preset of the seed's environment where there is one (<see cref="MbpoPresets.For"/>), else
        /// the one of <see cref="MbpoPresets.Choose"/>, with one worker. An evaluation environment and further environments must be the seed's own.
        /// </summary>
        public Func<int, MbpoPreset>? Preset { get; set; }

        /// <summary>Makes a seed's metrics writers, besides those of its preset; they are disposed when its run is over. Default: null, none.</summary>
        public Func<int, IReadOnlyList<IMetricsWriter>>? MetricsWriters { get; set; }

        /// <summary>
        /// Makes a seed's checkpoints, each in a folder of its own. A seed whose folder has some goes on from the newest, and one that had ended gives its
        /// result again: a sweep that was stopped is simply started once more. Default: null, those of the seed's preset, into whose folder no other run may
        /// have written.
        /// </summary>
        public Func<int, Checkpointing>? Checkpoints { get; set; }

        /// <summary>Seeds that run at the same time. Default: null, one a core (<see cref="Environment.ProcessorCount"/>).</summary>
        public int? Parallel { get; set; }

        /// <summary>Receives the signs of life of all seeds, one at a time. Default: none.</summary>
        public IProgress<SeedProgress>? Progress { get; set; }

        /// <summary>
        /// Called when a seed's run is over, failed or not, and not only when all are, for instance to save its policy. What it throws is the seed's exception.
        /// Default: null, nothing.
        /// </summary>
        public Action<SeedRun>? Finished { get; set; }

        /// <summary>
        /// Stops all runs; each keeps what it had learned (<see cref="SeedRun.Report"/>), and seeds not begun yet never begin. Default: none.
        /// </summary>
        public CancellationToken CancellationToken { get; set; }

        internal Options Validated()
        {
            if (Parallel is { } parallel) Check.AtLeast(1, parallel, nameof(Parallel));
            return (Options)MemberwiseClone();
        }
    }
}
