using MbpoML.Components;
using MbpoML.Numerics;

namespace MbpoML.Imagination;

/// <summary>
/// How whole episodes are imagined for a policy that learns from them: stage 2 of ME-TRPO, not yet bound to a model or a policy. How many and how long they are
/// is said by the policy.
/// </summary>
/// <remarks>Made by <c>rl.Rollouts.Episodes(options)</c>.</remarks>
public sealed class EpisodeRollouts : IStage
{
    internal EpisodeRollouts(Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Settings = options.Copy();
    }

    internal Options Settings { get; }

    string IStage.StageName => "imagined episodes";

    object IStage.Options => Settings;

    /// <summary>The settings of stage 2.</summary>
    public sealed class Options
    {
        /// <summary>Where the episodes begin. Default: <see cref="StartStates.Resets"/>, as in ME-TRPO.</summary>
        public StartStates Starts { get; set; } = StartStates.Resets;

        /// <summary>
        /// The start states that are taken anew after each fit of the model, among which the episodes are distributed at random, at least 1. Default 1000, our
        /// choice: ME-TRPO resets the environment for each imagined episode.
        /// </summary>
        public int StartCount { get; set; } = 1000;

        /// <summary>
        /// Which member of an ensemble imagines the steps. Default: <see cref="Propagation.MemberEachStep"/>, another one at each step, as in ME-TRPO.
        /// </summary>
        public Propagation Propagation { get; set; } = Propagation.MemberEachStep;

        internal void Validate()
        {
            Check.Defined(Starts);
            Check.AtLeast(1, StartCount);
            Check.Defined(Propagation);
        }

        internal Options Copy() => (Options)MemberwiseClone();
    }
}
