using MbpoML.Acting;
using MbpoML.Dynamics.Latent;
using MbpoML.Environments;
using MbpoML.Numerics;
using MbpoML.Numerics.Torch;
using static TorchSharp.torch;

namespace MbpoML.Planning;

/// <summary>A policy that makes a belief of frames, and plans each action in the latent space. Its actors carry the belief on from step to step.</summary>
/// <remarks>Asked for a single observation, it takes it for the first one of an episode.</remarks>
internal sealed class LatentPlanningPolicy : IPolicy
{
    private readonly Func<ILatentDynamicsModel> _model;

    /// <param name="model">Gives the model as it is now.</param>
    /// <param name="actionSpace">Its bounds are finite.</param>
    /// <param name="optimizer">Looks for the sequences.</param>
    /// <param name="options">Validated; not changed by anybody any more.</param>
    /// <param name="noise">The standard deviation of the noise of drawn actions, in units in which the bounds are -1 and 1.</param>
    /// <param name="seed">Decides what is drawn where no generator is given.</param>
    public LatentPlanningPolicy(
        Func<ILatentDynamicsModel> model, BoxSpace actionSpace, IActionSequenceOptimizer optimizer, PlanningTransformer.Options options, double noise, int seed)
    {
        (_model, ActionSpace, Noise, Seed) = (model, actionSpace, noise, seed);
        Planner = new PlanningPolicy(new PlannedTask(model, null, null), model().BeliefSize, actionSpace, optimizer, options, seed);
    }

    public ILatentDynamicsModel Model => _model();

    public int ObservationSize => Model.Frames.Size;

    public BoxSpace ActionSpace { get; }

    /// <summary>Plans from beliefs.</summary>
    public PlanningPolicy Planner { get; }

    public double Noise { get; }

    public int Seed { get; }

    public IActor NewActor() => new LatentPlanningActor(this);

    public Tensor Act(Tensor observation) => Act(observation, generator: null);

    public Tensor Sample(Tensor observation, Generator generator) => Act(observation, TensorCheck.Alive(generator));

    /// <summary>What is drawn where the caller gives no generator: always the same.</summary>
    public Generator NewGenerator() => new((ulong)Seed, CPU);

    /// <summary>The belief after a frame.</summary>
    /// <param name="belief">Before it, [rows, belief].</param>
    /// <param name="action">What led to it, [rows, action], environment units.</param>
    /// <param name="observation">The frames, [rows, observation].</param>
    /// <param name="generator">The generator of all random numbers.</param>
    /// <returns>[rows, belief]; the caller disposes it.</returns>
    /// <exception cref="LearningException">The model makes a belief that is no number.</exception>
    public Tensor Believe(Tensor belief, Tensor action, Tensor observation, Generator generator)
    {
        var next = Model.Update(belief, action, observation, generator);
        using var scope = NewDisposeScope();
        var largest = next.abs().amax().cpu().item<float>();
        return float.IsFinite(largest)
            ? next
            : throw new LearningException("belief of the latent model", largest,
                "The latent model makes a belief that is no finite number of a frame: its weights are no longer usable. A smaller LearningRate or " +
                "MaxGradientNorm of the model helps.");
    }

    // Each row is an episode of its own. So many at once that what is imagined fits in memory.
    private Tensor Act(Tensor observation, Generator? generator)
    {
        TensorCheck.Matrix(observation, ObservationSize);
        if (observation.size(0) == 0) return empty(0, ActionSpace.Size);
        using var scope = NewDisposeScope();
        using var actor = NewActor();
        var actions = new List<Tensor>();
        for (var first = 0L; first < observation.size(0); first += Planner.BlockRows)
        {
            var frames = observation.narrow(0, first, Math.Min(Planner.BlockRows, observation.size(0) - first));
            actor.Begin((int)frames.size(0));
            actions.Add(actor.Act(frames, generator));
        }

        return cat(actions, 0).MoveToOuterDisposeScope();
    }
}
