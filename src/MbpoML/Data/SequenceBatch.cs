using System.Runtime.InteropServices;
using MbpoML.Environments;
using MbpoML.Numerics;
using MbpoML.Numerics.Torch;
using static TorchSharp.torch;

namespace MbpoML.Data;

/// <summary>Chunks of episodes side by side, time first, as a recurrent model learns from them. <see cref="EpisodePool.Draw"/> fills the same memory again and
/// again.</summary>
/// <remarks>
/// Each frame stands beside the action that led to it and the reward that came with it: both are zero at the first frame of an episode. On the CPU a draw
/// writes where the tensors are; for another device it writes into memory of the CPU, which is then copied.
/// </remarks>
public sealed class SequenceBatch : IDisposable
{
    private readonly Tensor _frames, _actions, _rewards;
    private readonly bool _isDirect;

    /// <summary>Makes the tensors, all zero.</summary>
    /// <param name="length">Frames of a chunk, at least 1.</param>
    /// <param name="batch">The number of chunks, at least 1.</param>
    /// <param name="shape">The channels, rows and columns of a frame.</param>
    /// <param name="actionLength">Numbers of an action, at least 1.</param>
    /// <param name="device">Where the tensors live; the CPU when null.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1, or all frames together are too large.</exception>
    /// <exception cref="ArgumentException">The shape was made by no constructor, or the device is not there.</exception>
    public SequenceBatch(int length, int batch, FrameShape shape, int actionLength, Device? device = null)
    {
        (Length, Batch) = (Check.AtLeast(1, length), Check.AtLeast(1, batch));
        (FrameShape, ActionLength) = (shape.Required(nameof(shape)), Check.AtLeast(1, actionLength));
        // Spans cannot be longer.
        var most = int.MaxValue / Math.Max(shape.Size, sizeof(float) * actionLength);
        if ((long)length * batch > most)
            throw new ArgumentOutOfRangeException(
                nameof(batch), batch, Invariant($"{batch} chunks of {length} frames are more than the {most} frames of {shape} that fit; take fewer."));
        Device = Devices.Present(device ?? CPU);
        _isDirect = Device.type == TorchSharp.DeviceType.CPU;
        _frames = Zeros([length, batch, shape.Channels, shape.Height, shape.Width], ScalarType.Byte, CPU);
        (_actions, _rewards) = (Zeros([length, batch, actionLength], float32, CPU), Zeros([length, batch], float32, CPU));
        (Frames, Actions, Rewards) = (OnDevice(_frames), OnDevice(_actions), OnDevice(_rewards));
    }

    /// <summary>Frames of a chunk.</summary>
    public int Length { get; }

    /// <summary>The number of chunks.</summary>
    public int Batch { get; }

    /// <summary>The sizes of a frame.</summary>
    public FrameShape FrameShape { get; }

    /// <summary>Numbers of an action.</summary>
    public int ActionLength { get; }

    /// <summary>Where the tensors live.</summary>
    public Device Device { get; }

    /// <summary>The frames: uint8 [length, batch, channel, row, column].</summary>
    public Tensor Frames { get; }

    /// <summary>The action that led to each frame, zero at the first frame of an episode: float32 [length, batch, action], environment units.</summary>
    public Tensor Actions { get; }

    /// <summary>The reward that came with each frame, zero at the first frame of an episode: float32 [length, batch].</summary>
    public Tensor Rewards { get; }

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        foreach (var tensor in (Tensor[])[Frames, Actions, Rewards, _frames, _actions, _rewards]) tensor.Dispose();
    }

    /// <summary>Memory of the CPU to write the frames into, [length, batch, size of a frame].</summary>
    internal Span<byte> FrameBytes => _frames.bytes;

    /// <summary>Memory of the CPU to write the actions into, [length, batch, action].</summary>
    internal Span<float> ActionValues => MemoryMarshal.Cast<byte, float>(_actions.bytes);

    /// <summary>Memory of the CPU to write the rewards into, [length, batch].</summary>
    internal Span<float> RewardValues => MemoryMarshal.Cast<byte, float>(_rewards.bytes);

    /// <summary>Brings what was written to the device.</summary>
    internal void Send()
    {
        if (_isDirect) return;
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Frames.copy_(_frames);
        Actions.copy_(_actions);
        Rewards.copy_(_rewards);
    }

    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    internal void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_frames.IsInvalid, this);

    private static Tensor Zeros(long[] shape, ScalarType type, Device device) => zeros(shape, type, device).DetachFromDisposeScope();

    private Tensor OnDevice(Tensor host) => _isDirect ? host : Zeros(host.shape, host.dtype, Device);
}
