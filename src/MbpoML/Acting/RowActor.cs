using MbpoML.Numerics.Torch;
using static TorchSharp.torch;

namespace MbpoML.Acting;

/// <summary>A policy that decides by the observation alone, at work: batches go through torch, a single observation through plain arrays.</summary>
/// <remarks>In an environment one action is asked for at a time; there the calls into torch would cost more than the arithmetic.</remarks>
/// <param name="policy">Decides for batches; stays the caller's.</param>
/// <param name="single">Decides for a single observation.</param>
internal sealed class RowActor(IPolicy policy, RowFunction single) : IActor
{
    private readonly float[] _observation = new float[policy.ObservationSize];
    private readonly float[] _action = new float[policy.ActionSpace.Size];
    private Tensor? _noise;

    public void Begin(int rows)
    {
    }

    public Tensor Act(Tensor observation, Generator? generator) => generator is null ? policy.Act(observation) : policy.Sample(observation, generator);

    public void Act(ReadOnlySpan<double> observation, Span<double> action, Generator? generator)
    {
        for (var index = 0; index < _observation.Length; index++) _observation[index] = (float)observation[index];
        single(_observation, generator is null ? [] : Draw(generator), _action);
        for (var index = 0; index < _action.Length; index++) action[index] = _action[index];
    }

    // In messages it is the policy that did something wrong.
    public override string ToString() => policy.GetType().Name;

    public void Dispose() => _noise?.Dispose();

    // The numbers that a draw of one row takes from the generator.
    private Span<float> Draw(Generator generator)
    {
        TensorCheck.Alive(generator);
        _noise ??= empty(_action.Length, ScalarType.Float32).DetachFromDisposeScope();
        _noise.normal_(generator: generator);
        return _noise.Floats();
    }
}
