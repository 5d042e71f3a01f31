using TorchSharp;
using static TorchSharp.torch;

namespace MbpoML.Numerics.Random;

/// <summary>A seeded stream of standard normal numbers for the tensors of one device, whose state can be read and set.</summary>
internal abstract class NormalStream : IDisposable
{
    /// <summary>
    /// Torch's own generator on the CPU. TorchSharp can make it for no other device (dotnet/TorchSharp issue 1194), so there <see cref="CounterNormals"/> takes
    /// its place.
    /// </summary>
    public static NormalStream Create(int seed, Device device) => device.type == DeviceType.CPU ? new GeneratorNormals(seed) : new CounterNormals(seed, device);

    /// <summary>Overwrites a float32 tensor of the stream's device with the next numbers.</summary>
    public abstract void Fill(Tensor destination);

    /// <summary>What decides all later numbers, on the CPU; the caller disposes it.</summary>
    public abstract Tensor GetState();

    /// <summary>Goes on from a state of a stream for the same kind of device.</summary>
    public abstract void SetState(Tensor state);

    public abstract void Dispose();
}
