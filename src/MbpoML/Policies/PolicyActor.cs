using static TorchSharp.torch;

namespace MbpoML.Policies;

/// <summary>Asks a policy for one action at a time, from and to the doubles of an environment.</summary>
internal sealed class PolicyActor(IPolicy policy)
{
    private readonly float[] _observation = new float[policy.ObservationSize];

    /// <summary>Fills <paramref name="action"/>: the most likely action, or, with a generator, a drawn one.</summary>
    public void Act(ReadOnlySpan<double> observation, Span<double> action, Generator? generator)
    {
        for (var index = 0; index < _observation.Length; index++) _observation[index] = (float)observation[index];
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var input = tensor(_observation).unsqueeze(0);
        var output = (generator is null ? policy.Act(input) : policy.Sample(input, generator))?.cpu();
        if (output is null || output.dim() != 2 || output.size(0) != 1 || output.size(1) != action.Length || output.dtype != ScalarType.Float32)
            throw new InvalidOperationException(
                $"{policy.GetType().Name} gave {(output is null ? "null" : $"{output.dtype} [{string.Join(", ", output.shape)}]")} as the action of one observation, but must give Float32 [1, {action.Length}].");
        var values = output.data<float>();
        for (var index = 0; index < action.Length; index++) action[index] = values[index];
    }
}
