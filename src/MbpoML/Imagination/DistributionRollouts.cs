using MbpoML.Components;
using MbpoML.Numerics;

namespace MbpoML.Imagination;

/// <summary>
/// How double-horizon MBPO refreshes its start states: long rollouts without a gradient, off real states. Not yet bound to a model or a policy.
/// </summary>
/// <remarks>
/// Source: A. Kubo, P. Parmas and S. Ishii, "Double Horizon Model-Based Policy Optimization", TMLR 2025, there "distribution rollouts". Made by
/// <see cref="Catalog.RolloutCatalog.Distribution(Options)"/>.
/// </remarks>
public sealed class DistributionRollouts : IStage
{
    internal DistributionRollouts(Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Settings = options.Copy();
    }

    internal Options Settings { get; }

    string IStage.StageName => "distribution rollouts";

    object IStage.Options => Settings;

    /// <summary>The settings of the rollouts.</summary>
    public sealed class Options
    {
        /// <summary>Steps of a rollout. Default: 20 (official code, config/agent/dhmbpo.yaml; 40 is better on Walker2d and Humanoid).</summary>
        public int Length { get; set; } = 20;

        /// <summary>Rollouts that are begun together, from real states drawn uniformly. Default: 256 (official code).</summary>
        public int BatchSize { get; set; } = 256;

        /// <summary>Policy updates from one time at which rollouts are made to the next. Default: 20 (official code).</summary>
        public int Interval { get; set; } = 20;

        /// <summary>States that are kept; the oldest leave first. Default: 51,200, those of ten times (official code).</summary>
        public int Capacity { get; set; } = 51_200;

        /// <summary>
        /// Whether further rollouts are begun until each time has given <see cref="Length"/> times <see cref="BatchSize"/> states, as the official code does.
        /// Without, rollouts that end early give fewer states. Default: true.
        /// </summary>
        public bool FillsUp { get; set; } = true;

        /// <summary>
        /// Part of the rollouts that begin at the newest states, from 0 to 1; the others begin at any. The critics then know best where the policy is now.
        /// Default: 0 (official code).
        /// </summary>
        public double RecentFraction { get; set; }

        /// <summary>How many of the newest real states count as such for <see cref="RecentFraction"/>. Default: 4000, four long episodes.</summary>
        public int RecentStates { get; set; } = 4000;

        /// <summary>
        /// Stops single rollouts early, for instance where the members of an ensemble disagree; see <see cref="RolloutRule"/>. Default: none.
        /// </summary>
        public IRolloutRule? Rule { get; set; }

        internal void Validate()
        {
            Check.AtLeast(1, Length);
            Check.AtLeast(1, BatchSize);
            Check.AtLeast(1, Interval);
            Check.AtLeast(1, Capacity);
            Check.Within(0, 1, RecentFraction);
            Check.AtLeast(1, RecentStates);
        }

        /// <summary>The settings as a run of its own uses them.</summary>
        internal Options ForRun()
        {
            var copy = Copy();
            copy.Rule = Rule?.ForRun();
            return copy;
        }

        internal Options Copy() => (Options)MemberwiseClone();
    }
}
