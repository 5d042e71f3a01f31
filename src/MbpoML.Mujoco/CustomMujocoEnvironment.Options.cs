using MbpoML.Environments.Functions;
using MbpoML.Numerics;

namespace MbpoML.Mujoco;

/// <content>What the task is, apart from the model.</content>
public sealed partial class CustomMujocoEnvironment
{
    /// <summary>The task on a model of your own: what is observed, what is rewarded, when it is over.</summary>
    public sealed class Options
    {
        /// <summary>The reward of a control step, in any unit. Must be set. Default: none.</summary>
        public MujocoReward? Reward { get; set; }

        /// <summary>
        /// The coordinate whose growth during a step the reward sees as <see cref="MujocoStep.Progress"/>, such as the position forward. Default: null, none.
        /// </summary>
        public MujocoMeasure? Progress { get; set; }

        /// <summary>Whether the task is over, from what is observed. Default: null, it never is; episodes end by <see cref="MaxEpisodeSteps"/> alone.</summary>
        public MujocoTermination? Termination { get; set; }

        /// <summary>What is observed. Default: null, all positions and then all velocities.</summary>
        public MujocoObserver? Observe { get; set; }

        /// <summary>Numbers that <see cref="Observe"/> writes. Default: null; must be set together with it.</summary>
        public int? ObservationSize { get; set; }

        /// <summary>What the observations are called, one name each; pictures and messages use them. Default: null, they have no names.</summary>
        public IReadOnlyList<string>? ObservationNames { get; set; }

        /// <summary>What the actions are called, one name each. Default: null, they have no names.</summary>
        public IReadOnlyList<string>? ActionNames { get; set; }

        /// <summary>Steps of the integrator a control step. Default: 5 (as in most of gym's tasks).</summary>
        public int FrameSkip { get; set; } = 5;

        /// <summary>Control steps after which an episode is truncated. Default: 1000 (as in gym's tasks).</summary>
        public int MaxEpisodeSteps { get; set; } = 1000;

        /// <summary>
        /// The keyframe in which episodes begin: the name of a <c>&lt;key&gt;</c> in the model's file, or its place there ("0" for the first) where none has
        /// this name. It sets positions, velocities, activations, controls and mocap bodies; the noise is added to it. The controls hold until the first step.
        /// Default: null, the model's own start.
        /// </summary>
        public string? Keyframe { get; set; }

        /// <summary>An episode starts with uniform noise of at most this much on each position, in the position's unit. Default: 0.01.</summary>
        public double PositionNoise { get; set; } = 0.01;

        /// <summary>An episode starts with uniform noise of at most this much on each velocity, in the velocity's unit. Default: 0.01.</summary>
        public double VelocityNoise { get; set; } = 0.01;

        /// <summary>
        /// Where episodes start, in place of the noise: it changes what the model or <see cref="Keyframe"/> starts with. Default: null, that start with the
        /// noise.
        /// </summary>
        public MujocoStart? Start { get; set; }

        /// <summary>Whether <see cref="MujocoState.ContactForce"/> is computed, which costs extra. Default: false.</summary>
        public bool ContactForces { get; set; }

        /// <summary>The reward of imagined transitions where observations and actions determine it. Default: null, the dynamics model learns it.</summary>
        public IRewardFunction? ImaginedReward { get; set; }

        internal Options Validated()
        {
            ArgumentNullException.ThrowIfNull(Reward);
            Check.AtLeast(1, FrameSkip);
            Check.AtLeast(1, MaxEpisodeSteps);
            // Twice as much must be a number, too: how far apart the ends of the noise are.
            Check.Within(0, double.MaxValue / 2, PositionNoise);
            Check.Within(0, double.MaxValue / 2, VelocityNoise);
            if (Keyframe is not null) ArgumentException.ThrowIfNullOrEmpty(Keyframe);
            if (Observe is null != ObservationSize is null)
                throw new ArgumentException(
                    $"{nameof(Observe)} and {nameof(ObservationSize)} belong together: set both, or neither to observe all positions and velocities.",
                    nameof(ObservationSize));
            if (ObservationSize is { } size) Check.AtLeast(1, size, nameof(ObservationSize));
            return (Options)MemberwiseClone();
        }
    }
}
