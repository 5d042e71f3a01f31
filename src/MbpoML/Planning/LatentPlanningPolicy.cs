using MbpoML.Acting;
using MbpoML.Dynamics.Latent;
using MbpoML.Environments;
using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Torch;
using MbpoML.Policies.Serving;
using static TorchSharp.torch;

namespace MbpoML.Planning;

/// <summary>A policy that makes a belief of frames, and plans each action in the latent space. Its actors carry the belief on from step to step.</summary>
/// <remarks>Asked for a single observation, it takes it for the first one of an episode.</remarks>
internal sealed class LatentPlanningPolicy : IPolicy
{
    private readonly Func<ILatentDynamicsModel> _model;
    private readonly ActionBounds _bounds;

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
        _bounds = new ActionBounds(actionSpace, nameof(actionSpace));
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

    public Tensor Act(Tensor observation)
    {
        using var actor = NewActor();
        return Act(actor, observation, null);
    }

    public Tensor Sample(Tensor observation, Generator generator)
    {
        TensorCheck.Alive(generator);
        using var actor = NewActor();
        return Act(actor, observation, generator);
    }

    /// <summary>What is drawn where the caller gives no generator: always the same.</summary>
    public Generator NewGenerator() => new((ulong)Seed, CPU);

    /// <summary>Actions with exploration noise, within their bounds.</summary>
    /// <param name="action">[rows, action], environment units.</param>
    /// <param name="generator">Draws the noise.</param>
    /// <returns>[rows, action]; the caller disposes it.</returns>
    public Tensor Explore(Tensor action, Generator generator)
    {
        using var scope = NewDisposeScope();
        var noise = randn(action.shape, ScalarType.Float32, generator: generator).MultiplyInPlace(Noise).to(action.device) * Of(_bounds.HalfRange);
        return maximum(minimum(action.Plus(noise), Of(_bounds.High)), Of(_bounds.Low)).MoveToOuterDisposeScope();

        Tensor Of(float[] values) => tensor(values).to(action.device);
    }

    private Tensor Act(IActor actor, Tensor observation, Generator? generator)
    {
        TensorCheck.Matrix(observation, ObservationSize);
        if (observation.size(0) == 0) return empty(0, ActionSpace.Size);
        actor.Begin((int)observation.size(0));
        return actor.Act(observation, generator);
    }
}
