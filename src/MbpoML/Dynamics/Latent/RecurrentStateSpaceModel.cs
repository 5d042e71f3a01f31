using MbpoML.Data;
using MbpoML.Environments;
using MbpoML.Numerics.Torch;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Latent;

/// <summary>A recurrent state-space model at work: makes beliefs of frames, and imagines them. A belief is [h, s].</summary>
internal sealed class RecurrentStateSpaceModel : ILatentDynamicsModel, IDisposable
{
    private readonly Tensor _center, _half;
    private bool _disposed;

    /// <param name="network">Its weights as they are at each call; disposed with this.</param>
    /// <param name="device">Where it lives.</param>
    public RecurrentStateSpaceModel(RecurrentStateSpaceNetwork network, Device device)
    {
        (Network, Device) = (network, device);
        var space = network.Shape.ActionSpace;
        Layout = new TransitionLayout(network.Shape.Belief, space.Size);
        using var scope = NewDisposeScope();
        _center = tensor(space.Low.Zip(space.High, (low, high) => (float)(0.5 * (low + high))).ToArray()).to(device).DetachFromDisposeScope();
        _half = tensor(space.Low.Zip(space.High, (low, high) => (float)(0.5 * (high - low))).ToArray()).to(device).DetachFromDisposeScope();
    }

    public TransitionLayout Layout { get; }

    public FrameShape Frames => Network.Shape.Frames;

    public RecurrentStateSpaceNetwork Network { get; }

    public Device Device { get; }

    public DynamicsSample Sample(Tensor observation, Tensor action, Generator generator)
    {
        Check(observation, action, nameof(action), Layout.ActionSize);
        TensorCheck.Alive(generator);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var (memory, state) = Parts(observation.to(Device));
        var next = Network.Remember(memory, state, Network.ReadActions(ToUnits(action.to(Device))));
        var belief = cat([next, Network.Prior(next).Draw(Noise(observation.size(0), generator))], 1);
        var reward = Network.Reward(belief);
        return new DynamicsSample(belief.to(observation.device).MoveToOuterDisposeScope(), reward.to(observation.device).MoveToOuterDisposeScope());
    }

    public Tensor Update(Tensor belief, Tensor previousAction, Tensor frame, Generator generator)
    {
        Check(belief, previousAction, nameof(previousAction), Layout.ActionSize);
        Check(belief, frame, nameof(frame), Frames.Size);
        TensorCheck.Alive(generator);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var (before, rows) = (belief.to(Device), belief.size(0));
        // As at the start of a chunk: whatever was done before counts as nothing.
        var goesOn = before.ne(zeros_like(before)).any(1, keepdim: true);
        var units = ToUnits(previousAction.to(Device)) * goesOn.to(ScalarType.Float32);
        var (memory, state) = Parts(before);
        var next = Network.Remember(memory, state, Network.ReadActions(units));
        var pixels = FramePixels.Read(frame.to(Device).reshape(rows, Frames.Channels, Frames.Height, Frames.Width), generator);
        var posterior = Network.Posterior(next, Network.ReadFrames(Network.Encode(pixels)));
        return cat([next, posterior.Draw(Noise(rows, generator))], 1).to(belief.device).MoveToOuterDisposeScope();
    }

    public Tensor Decode(Tensor belief)
    {
        Check(belief);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        return FramePixels.Write(Network.Decode(belief.to(Device))).flatten(1).to(belief.device).MoveToOuterDisposeScope();
    }

    /// <summary>Actions in units in which their bounds are -1 and 1.</summary>
    /// <param name="action">[..., action], environment units, on the model's device.</param>
    public Tensor ToUnits(Tensor action) => (action - _center) / _half;

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        Network.Dispose();
        _center.Dispose();
        _half.Dispose();
    }

    private (Tensor Memory, Tensor State) Parts(Tensor belief) =>
        (belief.narrow(1, 0, Network.Shape.Deterministic), belief.narrow(1, Network.Shape.Deterministic, Network.Shape.Stochastic));

    // The generators of TorchSharp work on the CPU.
    private Tensor Noise(long rows, Generator generator) =>
        randn([rows, Network.Shape.Stochastic], ScalarType.Float32, generator: generator).to(Device);

    private void Check(Tensor belief)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        TensorCheck.Matrix(belief, Layout.ObservationSize);
    }

    private void Check(Tensor belief, Tensor beside, string name, long width)
    {
        Check(belief);
        TensorCheck.Matrix(beside, width, name);
        if (beside.size(0) != belief.size(0))
            throw new ArgumentException(Invariant($"{name} has {beside.size(0)} rows, but there are {belief.size(0)} beliefs; give one a row."), name);
    }
}
