using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Networks;
using MbpoML.Numerics.Torch;
using MbpoML.Policies.Serving;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace MbpoML.Policies.ValueGradient.Fused;

/// <summary>The imagined steps of half of the rows, forwards, and backwards from the end to the actor's parameters.</summary>
internal sealed class HalfRollout : IDisposable
{
    private readonly ValueGradientSettings _settings;
    private readonly ValueGradientState _state;
    private readonly ActionBounds _bounds;
    private readonly LayerViews _actor;
    private readonly HalfStep[] _steps;
    private readonly Tensor _noise;
    private readonly float[] _logProbabilityGradient, _actionGradient, _observationGradient;
    private readonly Matrix _inputGradient, _ends;
    private readonly int[] _lastStep;
    private readonly int _half, _first, _rows, _observations, _actions;

    /// <param name="settings">Sizes.</param>
    /// <param name="state">Scales and streams.</param>
    /// <param name="actor">Its parameters.</param>
    /// <param name="half">0 or 1.</param>
    public HalfRollout(ValueGradientSettings settings, ValueGradientState state, LayerViews actor, int half)
    {
        (_settings, _state, _actor, _half, _bounds) = (settings, state, actor, half, new ActionBounds(settings.ActionSpace));
        (_first, _rows) = (half * settings.HalfRows[0], settings.HalfRows[half]);
        (_observations, _actions) = (settings.Layout.ObservationSize, settings.Layout.ActionSize);
        _steps = [.. Enumerable.Range(0, settings.Horizon + 1).Select(_ => new HalfStep(settings, _rows))];
        _noise = zeros([settings.Horizon + 1, _rows, _actions], ScalarType.Float32).DetachFromDisposeScope();
        _logProbabilityGradient = new float[_rows];
        (_actionGradient, _observationGradient) = (new float[_rows * _actions], new float[_rows * _observations]);
        _inputGradient = new Matrix(_rows, _observations);
        (_ends, _lastStep) = (new Matrix(_rows, _observations + _actions), new int[_rows]);
        Gradient = LayerViews.Zeros(settings.Actor);
        Earned = new float[settings.Horizon * _rows];
    }

    public int Rows => _rows;

    public HalfStep First => _steps[0];

    public HalfStep Last => _steps[^1];

    /// <summary>Of the actor.</summary>
    public LayerViews Gradient { get; }

    /// <summary>r - α log π of the rows that are alive; the first <see cref="EarnedCount"/> count.</summary>
    public float[] Earned { get; }

    /// <summary>Also the steps before the ends, of all rows.</summary>
    public int EarnedCount { get; private set; }

    /// <summary>Imagines all steps.</summary>
    /// <param name="starts">The start states of all rows: [batch, observation], environment units.</param>
    /// <param name="imagined">The task.</param>
    /// <param name="alpha">α</param>
    public void Forward(ReadOnlySpan<float> starts, ImaginedSteps imagined, float alpha)
    {
        _state.Noise[_half].Fill(_noise);
        starts.Slice(_first * _observations, _rows * _observations).CopyTo(First.Observation.Values);
        Array.Fill(First.IsAlive, true);
        EarnedCount = 0;
        for (var index = 0; ; index++)
        {
            var step = _steps[index];
            for (var row = 0; row < _rows; row++)
                if (step.IsAlive[row]) _lastStep[row] = index;
            Normalize(step);
            step.Pass.Forward(_actor, step.InputObservation);
            step.Head.Forward(
                step.Pass.Output.Values, _actor.Biases(_settings.Actor.Layers - 1), _noise.Floats().Slice(index * _rows * _actions, _rows * _actions),
                step.Input.Values, step.LogProbability);
            if (index == _settings.Horizon) return;
            Unscale(step);
            step.Imagine(imagined, imagined[index, _half], _state.Imagining[_half], _steps[index + 1]);
            for (var row = 0; row < _rows; row++)
                if (step.IsAlive[row]) Earned[EarnedCount++] = step.Reward[row] - (alpha * step.LogProbability[row]);
        }
    }

    /// <summary>The discounted sums from the start states, with the entropy of the first step or without.</summary>
    /// <param name="lastValue">What the last states are worth: [rows]</param>
    /// <param name="alpha">α</param>
    /// <param name="countsFirst">Whether the first step's entropy counts.</param>
    /// <param name="sums">[rows]</param>
    public void Expand(ReadOnlySpan<float> lastValue, float alpha, bool countsFirst, Span<float> sums)
    {
        var discount = (float)_settings.Discount;
        for (var row = 0; row < _rows; row++)
        {
            var rest = 0f;
            if (Last.IsAlive[row]) rest = lastValue[row] - (_settings.Horizon > 0 || countsFirst ? alpha * Last.LogProbability[row] : 0);
            for (var index = _settings.Horizon - 1; index >= 0; index--)
            {
                var step = _steps[index];
                var earned = index > 0 || countsFirst ? step.Reward[row] - (alpha * step.LogProbability[row]) : step.Reward[row];
                rest = step.IsAlive[row] ? earned + (rest * discount) : 0;
            }

            sums[row] = rest;
        }
    }

    /// <summary>The last step before the end of a row's task, at most H.</summary>
    public int LastStepOf(int row) => _settings.ValuesEnds ? _lastStep[row] : _settings.Horizon;

    /// <summary>Whether the critics' value of the last step counts in a row.</summary>
    public bool IsValued(int row) => _settings.ValuesEnds || Last.IsAlive[row];

    /// <summary>What the critics read of each row's last step: [rows, observation + action], valid until the next <see cref="Forward"/>.</summary>
    public Matrix Ends()
    {
        if (!_settings.ValuesEnds) return Last.Input;
        var width = _observations + _actions;
        var ends = _ends.Values;
        for (var row = 0; row < _rows; row++) _steps[_lastStep[row]].Input.Values.Slice(row * width, width).CopyTo(ends[(row * width)..]);
        return _ends;
    }

    /// <summary>The discounted sums up to each row's last step, and its value.</summary>
    /// <param name="endValue">What the last steps are worth: [rows]</param>
    /// <param name="alpha">α</param>
    /// <param name="sums">[rows]</param>
    public void ExpandToEnds(ReadOnlySpan<float> endValue, float alpha, Span<float> sums)
    {
        var discount = (float)_settings.Discount;
        for (var row = 0; row < _rows; row++)
        {
            var index = _lastStep[row];
            var rest = endValue[row] - (alpha * _steps[index].LogProbability[row]);
            while (--index >= 0) rest = _steps[index].Reward[row] - (alpha * _steps[index].LogProbability[row]) + (rest * discount);
            sums[row] = rest;
        }
    }

    /// <summary>The gradient of L_π by the actor's parameters, into <see cref="Gradient"/>.</summary>
    /// <param name="imagined">The task.</param>
    /// <param name="inputGradient">The derivative of L_π by what the critics read at the ends: [rows, observation + action]; zero in rows that are not
    /// valued.</param>
    /// <param name="alpha">α</param>
    public void Backward(ImaginedSteps imagined, ReadOnlySpan<float> inputGradient, float alpha)
    {
        Array.Clear(_observationGradient);
        Array.Clear(_actionGradient);
        var last = _settings.Actor.Layers - 1;
        Gradient.Biases(last).Clear();
        for (var index = _settings.Horizon; index >= 0; index--)
        {
            var step = _steps[index];
            var weight = (float)(Math.Pow(_settings.Discount, index) / _settings.BatchSize);
            if (index < _settings.Horizon)
            {
                step.Backward(
                    imagined, imagined[index, _half], _steps[index + 1], -weight, !_settings.ValuesEnds, _observationGradient, _actionGradient);
                ScaleActions();
            }

            Split(inputGradient, index);
            for (var row = 0; row < _rows; row++) _logProbabilityGradient[row] = step.IsAlive[row] ? alpha * weight : 0;
            step.Head.Backward(_actionGradient, _logProbabilityGradient, step.Pass.Output.Values, Gradient.Biases(last));
            step.Pass.Backward(_actor, Gradient, step.InputObservation, accumulate: index < _settings.Horizon);
            // Nobody asks how the start states should be.
            if (index > 0) AddInputGradient(step);
        }
    }

    public void Dispose()
    {
        foreach (var step in _steps) step.Dispose();
        _noise.Dispose();
        _inputGradient.Dispose();
        _ends.Dispose();
        Gradient.Dispose();
    }

    private void Normalize(HalfStep step)
    {
        var width = _observations + _actions;
        ReadOnlySpan<float> observation = step.Observation.Values;
        var input = step.Input.Values;
        ReadOnlySpan<float> mean = _state.Observations.Mean.Floats(), deviation = _state.Observations.Deviation.Floats();
        for (var row = 0; row < _rows; row++)
        {
            var from = observation.Slice(row * _observations, _observations);
            var to = input.Slice(row * width, _observations);
            for (var column = 0; column < to.Length; column++) to[column] = (from[column] - mean[column]) / deviation[column];
        }
    }

    private void Unscale(HalfStep step)
    {
        var width = _observations + _actions;
        ReadOnlySpan<float> input = step.Input.Values;
        var action = step.Action.Values;
        for (var row = 0; row < _rows; row++)
        {
            var from = input.Slice((row * width) + _observations, _actions);
            var to = action.Slice(row * _actions, _actions);
            for (var column = 0; column < to.Length; column++)
                to[column] = Math.Clamp(_bounds.Center[column] + (from[column] * _bounds.HalfRange[column]), _bounds.Low[column], _bounds.High[column]);
        }
    }

    // From environment units to the squashed actions.
    private void ScaleActions()
    {
        for (var row = 0; row < _rows; row++)
        {
            var gradient = _actionGradient.AsSpan(row * _actions, _actions);
            TensorPrimitives.Multiply(gradient, _bounds.HalfRange, gradient);
        }
    }

    // In the rows whose last step it is nothing else flows back.
    private void Split(ReadOnlySpan<float> inputGradient, int index)
    {
        var width = _observations + _actions;
        ReadOnlySpan<float> deviation = _state.Observations.Deviation.Floats();
        for (var row = 0; row < _rows; row++)
        {
            if (LastStepOf(row) != index) continue;
            var gradient = inputGradient.Slice(row * width, width);
            TensorPrimitives.Divide(gradient[.._observations], deviation, _observationGradient.AsSpan(row * _observations, _observations));
            gradient[_observations..].CopyTo(_actionGradient.AsSpan(row * _actions));
        }
    }

    private void AddInputGradient(HalfStep step)
    {
        step.Pass.SetInputGradient(_actor.Weights(0), _inputGradient);
        var gradient = _inputGradient.Values;
        ReadOnlySpan<float> deviation = _state.Observations.Deviation.Floats();
        for (var at = 0; at < gradient.Length; at += _observations)
            for (var column = 0; column < _observations; column++) _observationGradient[at + column] += gradient[at + column] / deviation[column];
    }
}
