using MbpoML.Components;
using MbpoML.Data;
using MbpoML.Environments;
using MbpoML.Imagination;
using MbpoML.Policies;
using MbpoML.Policies.OnPolicy;
using MbpoML.Policies.TrustRegion;
using MbpoML.Tests.Fakes;
using MbpoML.Tests.Policies.SoftActorCritic;
using static TorchSharp.torch;

namespace MbpoML.Tests.Policies.OnPolicy;

/// <summary>Learners from episodes, and episodes for them.</summary>
internal static class EpisodeSamples
{
    // s' = 0.9 s + 0.5 a + 0.1 ε, r = -(s² + 0.3 a²): linear, Gaussian and quadratic, so the best policy is a = -K s.
    public const double Drift = 0.9, Push = 0.5, Effort = 0.3;

    public static ComponentContext Context() => SacSamples.Context();

    public static OnPolicySettings Settings(int observations = 3, int actions = 2) => new(
        new TransitionLayout(observations, actions), BoxSpace.Uniform(actions, -2, 2), [8, 6], InitialLogDeviation: -0.3, EpisodesPerUpdate: 20,
        EpisodeSteps: 10, Discount: 0.97, Lambda: 0.9, StandardizesObservations: true, ValuesCutEpisodes: false);

    public static TrustRegionLearner NewTrustRegion(
        OnPolicySettings settings, int seed = 3, double bound = 0.01, double damping = 1e-5, double share = 1, int backtracks = 15) =>
        new(Context(), settings, new TrustRegionSettings(bound, 10, damping, share, backtracks), seed, CPU);

    /// <summary>Episodes of the learner in a smooth model, some of which end early.</summary>
    public static ImaginedEpisodes Imagine(IEpisodeLearner learner, TransitionLayout layout, int seed)
    {
        var model = new FunctionModel(layout, (state, action, generator) =>
        {
            var next = (state * 0.9) + action.sum(1, keepdim: true) * 0.2 + (randn(state.shape, generator: generator) * 0.1);
            return new ImaginedStep(next, next.select(1, 0).cos() - (action.square().sum(1) * 0.1), next.select(1, 0).abs() > 1.5);
        });
        return Imagine(learner, model, seed, 1);
    }

    /// <summary>Episodes of the learner in the linear task, from starts within ±<paramref name="spread"/>.</summary>
    public static ImaginedEpisodes Linear(IEpisodeLearner learner, TransitionLayout layout, int seed, double spread = 2)
    {
        var model = new FunctionModel(layout, (state, action, generator) =>
        {
            var next = (Drift * state) + (Push * action) + (0.1 * randn(state.shape, generator: generator));
            return new ImaginedStep(next, -(state.square() + (Effort * action.square())).squeeze(1), null!);
        });
        return Imagine(learner, model, seed, spread);
    }

    /// <summary>K of the best a = -K s over many steps, by iterating the equation of Riccati.</summary>
    public static double BestGain(double discount)
    {
        var cost = 1.0;
        for (var iteration = 0; iteration < 1000; iteration++)
        {
            var gain = Gain(cost);
            cost = 1 + (Effort * gain * gain) + (discount * cost * Math.Pow(Drift - (Push * gain), 2));
        }

        return Gain(cost);

        double Gain(double value) => discount * value * Push * Drift / (Effort + (discount * value * Push * Push));
    }

    /// <summary>What a policy earns of what the best policy earns more than one that does nothing, from starts over all of ±2: 1 for the best.</summary>
    /// <remarks>States that are seldom visited count as little here as they do in learning.</remarks>
    public static double ShareOfBest(Func<Tensor, Tensor> act, double discount)
    {
        using var scope = NewDisposeScope();
        var nothing = Earned(state => zeros_like(state));
        return (Earned(act) - nothing) / (Earned(state => state * -BestGain(discount)) - nothing);

        double Earned(Func<Tensor, Tensor> policy)
        {
            var state = linspace(-2, 2, 81).unsqueeze(1);
            var sum = 0.0;
            for (var step = 0; step < 100; step++)
            {
                var action = policy(state);
                sum -= Math.Pow(discount, step) * (state.square() + (Effort * action.square())).mean().item<float>();
                state = (Drift * state) + (Push * action);
            }

            return sum;
        }
    }

    public static float[] Floats(Tensor tensor) => tensor.cpu().contiguous().data<float>().ToArray();

    private static ImaginedEpisodes Imagine(IEpisodeLearner learner, FunctionModel model, int seed, double spread)
    {
        using var generator = new Generator((ulong)seed);
        using var starts = (rand(learner.EpisodesPerUpdate, model.Layout.ObservationSize, generator: generator) * (2 * spread)).sub_(spread);
        var rollouts = new BranchedRolloutGenerator(new ImaginedEnvironment(model), rule: null);
        return EpisodeImagination.Imagine(rollouts, starts, learner.EpisodeSteps, learner, generator, model.Layout);
    }
}
