using MbpoML.Numerics.Networks;

namespace MbpoML.Dynamics.Homoscedastic.Fused;

/// <summary>Draws from what a member predicts, in the units of the targets learned; the spans of one moment.</summary>
internal readonly ref struct DrawnOutcome
{
    private readonly ReadOnlySpan<float> _biases, _deviations;

    /// <param name="member">Predicts.</param>
    /// <param name="logNoise">log σ of the member: [1 + observation]</param>
    /// <param name="deviations">Memory: [1 + observation]</param>
    public DrawnOutcome(LayerViews member, ReadOnlySpan<float> logNoise, Span<float> deviations)
    {
        // The reward is the mean.
        deviations[0] = 0;
        for (var column = 1; column < logNoise.Length; column++) deviations[column] = MathF.Exp(logNoise[column]);
        _biases = member.Biases(member.Count - 1);
        _deviations = deviations;
    }

    /// <summary>From the last layer's outputs to a reward and a change of the observation.</summary>
    /// <param name="output">[1 + observation], without the biases.</param>
    /// <param name="noise">[observation], standard normal.</param>
    /// <param name="drawn">[1 + observation], overwritten.</param>
    public void Set(ReadOnlySpan<float> output, ReadOnlySpan<float> noise, Span<float> drawn)
    {
        drawn[0] = output[0] + _biases[0];
        for (var column = 1; column < drawn.Length; column++) drawn[column] = output[column] + _biases[column] + (_deviations[column] * noise[column - 1]);
    }
}
