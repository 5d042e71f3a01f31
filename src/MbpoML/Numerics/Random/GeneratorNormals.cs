using static TorchSharp.torch;

namespace MbpoML.Numerics.Random;

/// <summary>Normal numbers of torch's generator, on the CPU.</summary>
internal sealed class GeneratorNormals(int seed) : NormalStream
{
    private readonly Generator _generator = new((ulong)seed, CPU);

    public override void Fill(Tensor destination) => destination.normal_(generator: _generator);

    public override Tensor GetState() => _generator.get_state();

    public override void SetState(Tensor state) => GeneratorState.Restore(_generator, state);

    public override void Dispose() => _generator.Dispose();
}
