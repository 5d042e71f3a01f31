using MbpoML.Numerics.Scaling;
using MbpoML.Numerics.Torch;

namespace MbpoML.Dynamics.Ensemble.Fused;

/// <summary>
/// A row on its way from the environment's units to those of the networks and back, and the same way for derivatives; the spans of one moment.
/// </summary>
internal readonly ref struct RowUnits
{
    private readonly ReadOnlySpan<float> _inputMean, _inputDeviation, _targetMean, _targetDeviation;
    private readonly bool _isDelta;

    /// <param name="inputScale">The scale of observation and action, as it is now.</param>
    /// <param name="codec">The units of the targets, as they are now.</param>
    public RowUnits(Standardizer inputScale, TargetCodec codec)
    {
        _inputMean = inputScale.Mean.Floats();
        _inputDeviation = inputScale.Deviation.Floats();
        _isDelta = codec.IsDelta;
        if (codec.Scale is not { } scale) return;
        _targetMean = scale.Mean.Floats();
        _targetDeviation = scale.Deviation.Floats();
    }

    /// <summary>What the networks read.</summary>
    /// <param name="observation">[observation], environment units.</param>
    /// <param name="action">[action], environment units.</param>
    /// <param name="input">At least [observation + action], whose beginning is overwritten.</param>
    public void ToInput(ReadOnlySpan<float> observation, ReadOnlySpan<float> action, Span<float> input)
    {
        observation.CopyTo(input);
        action.CopyTo(input[observation.Length..]);
        for (var column = 0; column < _inputMean.Length; column++) input[column] = (input[column] - _inputMean[column]) / _inputDeviation[column];
    }

    /// <summary>What the networks predict becomes a reward and a next observation.</summary>
    /// <param name="drawn">[1 + observation], changed in place.</param>
    /// <param name="observation">[observation], environment units.</param>
    public void ToOutcome(Span<float> drawn, ReadOnlySpan<float> observation)
    {
        for (var column = 0; column < _targetMean.Length; column++) drawn[column] = (drawn[column] * _targetDeviation[column]) + _targetMean[column];
        if (!_isDelta) return;
        for (var column = 0; column < observation.Length; column++) drawn[column + 1] += observation[column];
    }

    /// <summary>The derivative by an outcome becomes that by what the networks predict.</summary>
    /// <param name="outcomeGradient">[1 + observation]</param>
    /// <param name="drawnGradient">[1 + observation], overwritten.</param>
    public void ToDrawnGradient(ReadOnlySpan<float> outcomeGradient, Span<float> drawnGradient)
    {
        outcomeGradient.CopyTo(drawnGradient);
        for (var column = 0; column < _targetDeviation.Length; column++) drawnGradient[column] *= _targetDeviation[column];
    }

    /// <summary>The derivative by what the networks read becomes that by the observation and the action.</summary>
    /// <param name="inputGradient">[observation + action]</param>
    /// <param name="outcomeGradient">[1 + observation]: where the networks predict changes, the observation is part of the outcome.</param>
    /// <param name="observation">[observation], overwritten.</param>
    /// <param name="action">[action], overwritten.</param>
    public void ToGradients(ReadOnlySpan<float> inputGradient, ReadOnlySpan<float> outcomeGradient, Span<float> observation, Span<float> action)
    {
        for (var column = 0; column < observation.Length; column++)
            observation[column] = (inputGradient[column] / _inputDeviation[column]) + (_isDelta ? outcomeGradient[column + 1] : 0);
        for (var column = 0; column < action.Length; column++)
            action[column] = inputGradient[observation.Length + column] / _inputDeviation[observation.Length + column];
    }
}
