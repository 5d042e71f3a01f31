using MbpoML.Dynamics;
using MbpoML.Environments.Functions;
using MbpoML.Imagination;
using MbpoML.Numerics.Torch;
using static TorchSharp.torch;

namespace MbpoML.Policies.ValueGradient;

/// <summary>
/// What an update asks of the imagined task: steps with their gradient, one object for each step of the horizon and each half of the rows, and what is known of
/// the task.
/// </summary>
/// <param name="imagined">The task as the model imagines it.</param>
/// <param name="settings">Horizon and rows.</param>
internal sealed class ImaginedSteps(ImaginedEnvironment imagined, ValueGradientSettings settings) : IDisposable
{
    // Functions and models of the user are asked by one thread at a time.
    private readonly Lock _gate = new();
    private IDynamicsModel? _model;
    private IDifferentiableStep[][] _steps = [];

    /// <summary>The reward where it is known; else the model's counts.</summary>
    public IRewardFunction? Reward => imagined.Reward;

    /// <summary>Tells which imagined transitions end the task; null where that is left to the model.</summary>
    public ITerminationFunction? Termination => imagined.Termination;

    /// <summary>One step of half of the rows.</summary>
    public IDifferentiableStep this[int step, int half] => _steps[step][half];

    /// <summary>Whether an imagined task can end at all; known once a step was imagined.</summary>
    public bool CanEnd => Termination is { } known ? known != TerminationFunction.Never : settings.Horizon > 0 && _steps[0][0].Terminated is not null;

    /// <summary>Takes the model as it is now; to be called before each update.</summary>
    public void Follow()
    {
        var model = imagined.Model;
        if (ReferenceEquals(model, _model)) return;
        Dispose();
        _steps = [.. Enumerable.Range(0, settings.Horizon).Select(_ => settings.HalfRows.Select(rows => Create(model, rows)).ToArray())];
        _model = model;
    }

    /// <summary>The known reward of imagined transitions, differentiable in all three.</summary>
    /// <param name="observation">[batch, observation]</param>
    /// <param name="action">[batch, action]</param>
    /// <param name="next">[batch, observation]</param>
    /// <returns>[batch]</returns>
    public Tensor EarnedReward(Tensor observation, Tensor action, Tensor next)
    {
        Tensor reward;
        lock (_gate) reward = TensorCheck.Column(Reward!.Evaluate(observation, action, next), next.size(0), ScalarType.Float32, "The reward function");
        if (!next.requires_grad || reward.requires_grad || IsConstant(reward)) return reward;
        throw new InvalidOperationException(
            "The reward function gives rewards without a gradient, but the value gradient learns through it: make it with RewardFunction.FromTensors, or " +
                "leave the reward to the dynamics model.");
    }

    /// <summary>Which imagined transitions end the task.</summary>
    /// <param name="observation">[batch, observation]</param>
    /// <param name="action">[batch, action]</param>
    /// <param name="next">[batch, observation]</param>
    /// <param name="predicted">What the model says, or null.</param>
    /// <returns>bool [batch]; null where none does.</returns>
    public Tensor? Ended(Tensor observation, Tensor action, Tensor next, Tensor? predicted)
    {
        if (Termination is null) return predicted;
        if (Termination == TerminationFunction.Never) return null;
        lock (_gate) return TensorCheck.Column(Termination.Evaluate(observation, action, next), next.size(0), ScalarType.Bool, "The termination function");
    }

    /// <summary>Marks the rows that end the task, by a function of single rows.</summary>
    /// <param name="function">Is asked about the rows that are alive.</param>
    /// <param name="observation">[rows, observation]</param>
    /// <param name="action">[rows, action]</param>
    /// <param name="next">[rows, observation]</param>
    /// <param name="alive">[rows], set to false where the task ends.</param>
    public void End(IRowFunction<bool> function, ReadOnlySpan<float> observation, ReadOnlySpan<float> action, ReadOnlySpan<float> next, Span<bool> alive)
    {
        var (observations, actions) = (observation.Length / alive.Length, action.Length / alive.Length);
        lock (_gate)
        {
            for (var row = 0; row < alive.Length; row++)
                if (alive[row] && function.EvaluateRow(observation.Slice(row * observations, observations), action.Slice(row * actions, actions),
                    next.Slice(row * observations, observations))) alive[row] = false;
        }
    }

    public void Dispose()
    {
        foreach (var step in _steps.SelectMany(halves => halves)) step.Dispose();
        (_steps, _model) = ([], null);
    }

    private IDifferentiableStep Create(IDynamicsModel model, int rows) =>
        model is IDifferentiableDynamicsModel differentiable ? differentiable.CreateStep(rows) : new AutogradStep(model, rows, _gate);

    // The same for every row, as 1 for each step that a task goes on, it has no gradient because it has no need of one.
    private static bool IsConstant(Tensor reward) => reward.numel() < 2 || reward.eq(reward[0]).all().item<bool>();
}
