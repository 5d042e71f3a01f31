using MbpoML.Components;
using MbpoML.Numerics;
using MbpoML.Policies.SoftActorCritic;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Tests.Policies.SoftActorCritic;

/// <content>Learners, and what they hold.</content>
internal static partial class SacSamples
{
    public static ComponentContext Context() => new(new MLContext(seed: 1));

    public static SacLearner Learner(SacSettings settings, Acceleration acceleration = Acceleration.Auto, int workers = 1, int seed = 7) =>
        new(Context(), settings, seed, CPU, acceleration, workers);

    public static float[] AllParameters(SacLearner learner) =>
        [.. Floats(learner.State.Actor), .. Floats(learner.State.Critics), .. Floats(learner.State.Targets), .. Floats(learner.State.LogAlpha)];
}
