#pragma warning disable CS1591
using MbpoML.Environments;
using static TorchSharp.torch;

namespace MbpoML.Data;

/// <summary>Chunks of episodes.</summary>
public sealed class SequenceBatch : IDisposable
{
    public SequenceBatch(int length, int batch, FrameShape shape, int actionLength, Device? device = null)
    {
        Frames = zeros([length, batch, shape.Channels, shape.Height, shape.Width], ScalarType.Byte, device).DetachFromDisposeScope();
        Actions = zeros([length, batch, actionLength], ScalarType.Float32, device).DetachFromDisposeScope();
        Rewards = zeros([length, batch], ScalarType.Float32, device).DetachFromDisposeScope();
    }

    public Tensor Frames { get; }

    public Tensor Actions { get; }

    public Tensor Rewards { get; }

    public void Dispose()
    {
        Frames.Dispose();
        Actions.Dispose();
        Rewards.Dispose();
    }
}
