using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Networks;
using MbpoML.Numerics.Torch;
using static TorchSharp.torch;

namespace MbpoML.Policies.ValueGradient.Fused;

/// <summary>
/// Half of the rows through the critics. One memory serves targets, critics and the way back from the end in turn, so that it stays in the cache.
/// </summary>
internal sealed class HalfCritics : IDisposable
{
    private readonly ValueGradientSettings _settings;
    private readonly ValueGradientState _state;
    private readonly LayerViews[] _critics, _targets, _gradients;
    private readonly NetworkPass _pass;
    private readonly Matrix _inputGradient;
    private readonly Tensor _gradient;
    private readonly float[] _value, _least, _valueGradient, _target;
    private readonly int _half, _rows;

    /// <param name="settings">Sizes.</param>
    /// <param name="state">Bounds and streams.</param>
    /// <param name="critics">Their parameters.</param>
    /// <param name="targets">Those of the slow copies.</param>
    /// <param name="half">0 or 1.</param>
    public HalfCritics(ValueGradientSettings settings, ValueGradientState state, LayerViews[] critics, LayerViews[] targets, int half)
    {
        (_settings, _state, _critics, _targets, _half, _rows) = (settings, state, critics, targets, half, settings.HalfRows[half]);
        _pass = new NetworkPass(settings.Critic, _rows);
        _inputGradient = new Matrix(_rows, settings.Critic.Inputs);
        _gradient = zeros([settings.CriticCount, settings.Critic.ParameterCount], ScalarType.Float32).DetachFromDisposeScope();
        _gradients = [.. Enumerable.Range(0, settings.CriticCount).Select(critic => new LayerViews(settings.Critic, _gradient.select(0, critic)))];
        (_value, _least, _valueGradient, _target) = (new float[_rows], new float[_rows], new float[_rows], new float[_rows]);
    }

    /// <summary>The values of all critics: [critics · parameters].</summary>
    public Span<float> Gradient => _gradient.Floats();

    /// <summary>Σ (Q - y)² over critics and rows of the last <see cref="Learn"/>.</summary>
    public double SquaredError { get; private set; }

    /// <summary>Σ Q over critics and rows of the last <see cref="Learn"/>.</summary>
    public double ValueSum { get; private set; }

    /// <summary>Σ of what L_π is the negative mean of, over the rows of the last <see cref="Climb"/>.</summary>
    public double GainSum { get; private set; }

    /// <summary>The gradient of L_Q of this half, into <see cref="Gradient"/>.</summary>
    /// <param name="rollout">What was imagined.</param>
    /// <param name="chosen">The target critics whose least value counts.</param>
    /// <param name="alpha">α</param>
    public void Learn(HalfRollout rollout, ReadOnlySpan<int> chosen, float alpha)
    {
        SetTarget(rollout, chosen, alpha);
        var (width, center) = (_state.Bounds.Width, _state.Bounds.Center);
        (SquaredError, ValueSum) = (0, 0);
        for (var critic = 0; critic < _critics.Length; critic++)
        {
            _pass.ForwardValues(_critics[critic], rollout.First.Input, _value, _settings.CriticDropout > 0 ? _state.Dropping[_half] : null);
            var sum = 0f;
            for (var row = 0; row < _rows; row++)
            {
                var value = (_value[row] * width) + center;
                var error = value - _target[row];
                (SquaredError, ValueSum) = (SquaredError + ((double)error * error), ValueSum + value);
                _valueGradient[row] = 2 * error * width / _settings.BatchSize;
                sum += _valueGradient[row];
            }

            _gradients[critic].Biases(_settings.Critic.Layers - 1)[0] = sum;
            _pass.BackwardValues(_critics[critic], _gradients[critic], rollout.First.Input, _valueGradient);
        }
    }

    /// <summary>The derivative of L_π by what the critics read at the ends.</summary>
    /// <param name="rollout">What was imagined.</param>
    /// <param name="alpha">α</param>
    /// <returns>[rows, observation + action], valid until the next call.</returns>
    public ReadOnlySpan<float> Climb(HalfRollout rollout, float alpha)
    {
        var (width, center) = (_state.Bounds.Width, _state.Bounds.Center);
        var ends = rollout.Ends();
        for (var row = 0; row < _rows; row++)
            _valueGradient[row] = rollout.IsValued(row)
                ? (float)(-Math.Pow(_settings.Discount, rollout.LastStepOf(row)) * width / _settings.BatchSize / _critics.Length) : 0;
        Array.Clear(_least);
        for (var critic = 0; critic < _critics.Length; critic++)
        {
            _pass.ForwardValues(_critics[critic], ends, _value);
            for (var row = 0; row < _rows; row++) _least[row] += ((_value[row] * width) + center) / _critics.Length;
            _pass.BackwardValues(_critics[critic], _valueGradient);
            _pass.SetInputGradient(_critics[critic].Weights(0), _inputGradient, accumulate: critic > 0);
        }

        if (_settings.ValuesEnds) rollout.ExpandToEnds(_least, alpha, _target);
        else rollout.Expand(_least, alpha, countsFirst: true, _target);
        GainSum = 0;
        foreach (var gain in _target) GainSum += gain;
        return _inputGradient.Values;
    }

    public void Dispose()
    {
        _pass.Dispose();
        _inputGradient.Dispose();
        foreach (var gradient in _gradients) gradient.Dispose();
        _gradient.Dispose();
    }

    private void SetTarget(HalfRollout rollout, ReadOnlySpan<int> chosen, float alpha)
    {
        var (width, center) = (_state.Bounds.Width, _state.Bounds.Center);
        var (low, high) = _state.Bounds.Clip;
        Array.Fill(_least, float.PositiveInfinity);
        foreach (var critic in chosen)
        {
            _pass.ForwardValues(_targets[critic], rollout.Last.Input, _value);
            for (var row = 0; row < _rows; row++) _least[row] = MathF.Min(_least[row], (_value[row] * width) + center);
        }

        for (var row = 0; row < _rows; row++) _least[row] = Math.Clamp(_least[row], low, high);
        rollout.Expand(_least, alpha, countsFirst: false, _target);
    }
}
