using MbpoML.Dynamics;
using MbpoML.Environments.Functions;
using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Networks;
using MbpoML.Numerics.Torch;
using static TorchSharp.torch;

namespace MbpoML.Policies.ValueGradient.Fused;

/// <summary>One imagined step of half of the rows: what is kept of it from the forward to the backward pass.</summary>
internal sealed class HalfStep : IDisposable
{
    private readonly int _rows, _observations, _actions;
    private readonly Matrix _next, _outcomeGradient;
    private readonly Tensor _rewardWeights;
    private readonly float[] _earnedByObservation, _earnedByAction, _earnedByNext;
    private readonly KnownReward _known = new();

    public HalfStep(ValueGradientSettings settings, int rows)
    {
        (_rows, _observations, _actions) = (rows, settings.Layout.ObservationSize, settings.Layout.ActionSize);
        Observation = new Matrix(rows, _observations);
        Action = new Matrix(rows, _actions);
        Input = new Matrix(rows, _observations + _actions);
        InputObservation = Input.Columns(0, _observations);
        Pass = new NetworkPass(settings.Actor, rows);
        Head = new SoftplusGaussianHead(rows, _actions);
        (_next, _outcomeGradient) = (new Matrix(rows, _observations), new Matrix(rows, 1 + _observations));
        _rewardWeights = zeros([rows], ScalarType.Float32).DetachFromDisposeScope();
        (_earnedByObservation, _earnedByAction, _earnedByNext) = (new float[rows * _observations], new float[rows * _actions], new float[rows * _observations]);
        (LogProbability, Reward, IsAlive) = (new float[rows], new float[rows], new bool[rows]);
    }

    /// <summary>[rows, observation], environment units</summary>
    public Matrix Observation { get; }

    /// <summary>[rows, action], environment units; not of the last step.</summary>
    public Matrix Action { get; }

    /// <summary>What critics read, normalised observations and scaled actions: [rows, observation + action].</summary>
    public Matrix Input { get; }

    /// <summary>What the actor reads, the first columns of <see cref="Input"/>.</summary>
    public Matrix InputObservation { get; }

    /// <summary>Through the actor.</summary>
    public NetworkPass Pass { get; }

    public SoftplusGaussianHead Head { get; }

    /// <summary>log π: [rows]</summary>
    public float[] LogProbability { get; }

    /// <summary>r: [rows]; not of the last step.</summary>
    public float[] Reward { get; }

    /// <summary>m, whether the task has not ended before the step: [rows]</summary>
    public bool[] IsAlive { get; }

    /// <summary>Imagines what comes of the step, and where the next one begins: rows that have ended stay where they are.</summary>
    public void Imagine(ImaginedSteps steps, IDifferentiableStep step, Generator generator, HalfStep following)
    {
        step.Forward(Observation.Tensor, Action.Tensor, generator);
        using (var moved = OnCpu(step.Outcome)) Sort((moved ?? step.Outcome).Floats());
        if (steps.Reward is not null) _known.Forward(steps, Observation.Tensor, Action.Tensor, _next.Tensor).CopyTo(Reward);
        IsAlive.CopyTo(following.IsAlive, 0);
        End(steps, step, following.IsAlive);
        var from = Observation.Values;
        var next = _next.Values;
        var to = following.Observation.Values;
        for (var row = 0; row < _rows; row++)
            (following.IsAlive[row] ? next : from).Slice(row * _observations, _observations).CopyTo(to[(row * _observations)..]);
    }

    /// <summary>The way back through the step: from the derivative by the next observations to those by observations and actions, environment units.</summary>
    /// <param name="steps">The task.</param>
    /// <param name="step">That imagined.</param>
    /// <param name="following">The next step.</param>
    /// <param name="weight">-γ^t / batch, the derivative of the loss by the reward of a row that counts.</param>
    /// <param name="countsEnds">Whether the reward counts in rows that end with this step.</param>
    /// <param name="observationGradient">The gradient by the next observations, and then by the observations: [rows, observation].</param>
    /// <param name="actionGradient">[rows, action], overwritten.</param>
    public void Backward(ImaginedSteps steps, IDifferentiableStep step, HalfStep following, float weight, bool countsEnds,
        Span<float> observationGradient, Span<float> actionGradient)
    {
        var isKnown = steps.Reward is not null;
        var counts = countsEnds ? IsAlive : following.IsAlive;
        if (isKnown) DifferentiateReward(weight, counts);
        var outcome = _outcomeGradient.Values;
        for (var row = 0; row < _rows; row++)
        {
            var gradient = outcome.Slice(row * (1 + _observations), 1 + _observations);
            var next = gradient[1..];
            gradient[0] = counts[row] && !isKnown ? weight : 0;
            if (following.IsAlive[row]) observationGradient.Slice(row * _observations, _observations).CopyTo(next);
            else next.Clear();
            if (isKnown && counts[row]) AddTo(next, _earnedByNext.AsSpan(row * _observations, _observations));
        }

        step.Backward(_outcomeGradient.Tensor);
        using var observations = OnCpu(step.ObservationGradient);
        using var actions = OnCpu(step.ActionGradient);
        ReadOnlySpan<float> byObservation = (observations ?? step.ObservationGradient).Floats();
        ReadOnlySpan<float> byAction = (actions ?? step.ActionGradient).Floats();
        for (var row = 0; row < _rows; row++)
        {
            Take(byObservation, _earnedByObservation, row, _observations, isKnown && counts[row], observationGradient);
            Take(byAction, _earnedByAction, row, _actions, isKnown && counts[row], actionGradient);
        }
    }

    public void Dispose()
    {
        foreach (var disposable in (IDisposable[])[Observation, Action, Input, InputObservation, Pass, _next, _outcomeGradient, _rewardWeights, _known])
            disposable.Dispose();
    }

    private void Sort(ReadOnlySpan<float> outcome)
    {
        var next = _next.Values;
        for (var row = 0; row < _rows; row++)
        {
            var start = row * (1 + _observations);
            Reward[row] = outcome[start];
            outcome.Slice(start + 1, _observations).CopyTo(next[(row * _observations)..]);
        }
    }

    private void End(ImaginedSteps steps, IDifferentiableStep step, Span<bool> alive)
    {
        if (steps.Termination is IRowFunction<bool> function)
        {
            steps.End(function, Observation.Values, Action.Values, _next.Values, alive);
            return;
        }

        if (steps.Termination is null && step.Terminated is null) return;
        using var scope = NewDisposeScope();
        if (steps.Ended(Observation.Tensor, Action.Tensor, _next.Tensor, step.Terminated) is not { } ended) return;
        var flags = ended.cpu().contiguous().bytes;
        for (var row = 0; row < alive.Length; row++) alive[row] &= flags[row] == 0;
    }

    private void DifferentiateReward(float weight, bool[] counts)
    {
        var weights = _rewardWeights.Floats();
        for (var row = 0; row < _rows; row++) weights[row] = counts[row] ? weight : 0;
        _known.Backward(_rewardWeights, _earnedByObservation, _earnedByAction, _earnedByNext);
    }

    // Nothing flows back into a row that has ended, also where the model makes no numbers of it.
    private void Take(ReadOnlySpan<float> gradient, float[] earned, int row, int width, bool isKnown, Span<float> taken)
    {
        var values = taken.Slice(row * width, width);
        if (!IsAlive[row])
        {
            values.Clear();
            return;
        }

        gradient.Slice(row * width, width).CopyTo(values);
        if (isKnown) AddTo(values, earned.AsSpan(row * width, width));
    }

    private static void AddTo(Span<float> values, ReadOnlySpan<float> others)
    {
        for (var index = 0; index < values.Length; index++) values[index] += others[index];
    }

    // Null where its memory can be read as it is.
    private static Tensor? OnCpu(Tensor tensor) =>
        tensor.device_type == TorchSharp.DeviceType.CPU && tensor.is_contiguous() ? null : tensor.cpu().contiguous().DetachFromDisposeScope();
}
