using System.Buffers;
using MbpoML.Acting;
using MbpoML.Environments;
using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Networks;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace MbpoML.Policies.Serving;

/// <summary>The forward pass of a squashed-Gaussian actor: batches through torch, single rows in managed code. Safe for concurrent use.</summary>
/// <remarks>
/// A control loop asks for one action at a time; there the calls into torch would cost more than the arithmetic, and each would allocate.
/// Policies that differ in how they act share one network and count their references to it.
/// </remarks>
internal sealed class ActorNetwork : ServedPolicy
{
    private readonly Dictionary<string, Tensors> _onDevice = [];
    private readonly Lock _lock = new();
    private readonly ActionBounds _bounds;
    private readonly int _widest;

    public ActorNetwork(ActorParameters parameters)
    {
        CheckShapes(parameters);
        Parameters = parameters with
        {
            Weights = [.. parameters.Weights.Select(matrix => matrix.ToArray())],
            Biases = [.. parameters.Biases.Select(vector => vector.ToArray())],
        };
        _bounds = new ActionBounds(parameters.ActionSpace);
        _widest = parameters.Biases.Max(bias => bias.Length);
    }

    /// <summary>The numbers, copied when the network was made.</summary>
    public ActorParameters Parameters { get; }

    public override int ObservationSize => Parameters.ObservationSize;

    public override BoxSpace ActionSpace => Parameters.ActionSpace;

    private int ActionSize => Parameters.ActionSpace.Size;

    /// <summary>The most likely action of each row.</summary>
    /// <param name="observation">[batch, observation]</param>
    /// <returns>[batch, action], on the observation's device</returns>
    public override Tensor Act(Tensor observation)
    {
        // Disposed by another thread, the tensors live until the last pass through them is over.
        using var inUse = AddReference();
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var network = On(observation.device);
        return Squash(network, Forward(network, observation).narrow(1, 0, ActionSize)).MoveToOuterDisposeScope();
    }

    /// <summary>The action of each row that belongs to the given standard normal noise.</summary>
    /// <param name="observation">[batch, observation]</param>
    /// <param name="noise">[batch, action]</param>
    /// <returns>[batch, action], on the observation's device</returns>
    public override Tensor Draw(Tensor observation, Tensor noise)
    {
        using var inUse = AddReference();
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var network = On(observation.device);
        var output = Forward(network, observation);
        var deviation = IsSoftplus ? SoftplusDeviation(output) : LogDeviation(output).exp();
        return Squash(network, output.narrow(1, 0, ActionSize).addcmul(deviation, noise, ScalarArithmetic.One)).MoveToOuterDisposeScope();
    }

    public override Tensor Sample(Tensor observation, Generator generator)
    {
        using var noise = randn(observation.shape[0], ActionSize, generator: generator);
        using var moved = noise.to(observation.device);
        return Draw(observation, moved);
    }

    /// <summary>The normal distribution of each row before it is squashed.</summary>
    /// <param name="observation">[batch, observation]</param>
    /// <returns>Means and logarithms of the standard deviations, both [batch, action], on the observation's device</returns>
    public (Tensor Mean, Tensor LogDeviation) Distribution(Tensor observation)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var output = Forward(On(observation.device), observation);
        var logDeviation = IsSoftplus ? SoftplusDeviation(output).log() : LogDeviation(output);
        return (output.narrow(1, 0, ActionSize).clone().MoveToOuterDisposeScope(), logDeviation.MoveToOuterDisposeScope());
    }

    /// <summary>The action of one row: the most likely one where <paramref name="noise"/> is empty, else the noise's. Allocates nothing.</summary>
    public override void Act(ReadOnlySpan<float> observation, ReadOnlySpan<float> noise, Span<float> action)
    {
        var rented = ArrayPool<float>.Shared.Rent(2 * _widest);
        ReadOnlySpan<float> input = observation;
        for (var layer = 0; layer < Parameters.Weights.Count; layer++)
        {
            // Layers alternate between the halves of one buffer.
            var output = rented.AsSpan(layer % 2 * _widest, Parameters.Biases[layer].Length);
            DenseRow.Apply(Parameters.Weights[layer], Parameters.Biases[layer], input, output);
            if (layer < Parameters.Weights.Count - 1) Activate(output);
            input = output;
        }

        _bounds.Squash(input, noise, Parameters.Deviation, Parameters.LogStandardDeviationRange, action);
        ArrayPool<float>.Shared.Return(rented);
    }

    public override IActor NewActor(IPolicy owner, RowFunction single) => new RowActor(owner, single);

    protected override void Free()
    {
        lock (_lock)
        {
            foreach (var tensors in _onDevice.Values) tensors.Dispose();
            _onDevice.Clear();
        }
    }

    private bool IsSoftplus => Parameters.Deviation == ActorDeviation.Softplus;

    private Tensor LogDeviation(Tensor output) =>
        output.narrow(1, ActionSize, ActionSize).Clamped(Parameters.LogStandardDeviationRange.Low, Parameters.LogStandardDeviationRange.High);

    private Tensor SoftplusDeviation(Tensor output) => output.narrow(1, ActionSize, ActionSize).Softplus().AddInPlace(ActorParameters.LeastSoftplusDeviation);

    private void Activate(Span<float> sums)
    {
        switch (Parameters.HiddenActivation)
        {
            case ActorActivation.Relu:
                TensorPrimitives.Max(sums, 0, sums);
                break;
            case ActorActivation.Tanh:
                TensorPrimitives.Tanh(sums, sums);
                break;
            default:
                SiluKernels.Apply(sums);
                break;
        }
    }

    private Tensor Forward(Tensors network, Tensor observation)
    {
        var value = observation;
        for (var layer = 0; layer < network.Weights.Length; layer++)
        {
            if (layer > 0) value = Activate(value);
            value = addmm(network.Biases[layer], value, network.Weights[layer], 1, 1);
        }
        return value;
    }

    private Tensor Activate(Tensor sums) => Parameters.HiddenActivation switch
    {
        ActorActivation.Relu => sums.relu_(),
        ActorActivation.Tanh => sums.tanh_(),
        _ => sums.silu_(),
    };

    private static Tensor Squash(Tensors network, Tensor unbounded) =>
        addcmul(network.Center, network.HalfRange, unbounded.tanh(), ScalarArithmetic.One).clamp(network.Low, network.High);

    private Tensors On(Device device)
    {
        lock (_lock)
        {
            var key = device.ToString();
            if (!_onDevice.TryGetValue(key, out var tensors)) _onDevice.Add(key, tensors = new Tensors(Parameters, _bounds, device));
            return tensors;
        }
    }

    private static void CheckShapes(ActorParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters.ActionSpace);
        ArgumentNullException.ThrowIfNull(parameters.Weights);
        ArgumentNullException.ThrowIfNull(parameters.Biases);
        if (!Enum.IsDefined(parameters.HiddenActivation))
            throw new ArgumentOutOfRangeException(
                nameof(parameters), parameters.HiddenActivation, $"HiddenActivation must be one of {string.Join(", ", Enum.GetNames<ActorActivation>())}.");
        if (!Enum.IsDefined(parameters.Deviation))
            throw new ArgumentOutOfRangeException(
                nameof(parameters), parameters.Deviation, $"Deviation must be one of {string.Join(", ", Enum.GetNames<ActorDeviation>())}.");
        if (parameters.Weights.Count == 0 || parameters.Weights.Count != parameters.Biases.Count)
            throw new ArgumentException(
                $"An actor has at least one layer and biases for each, but {parameters.Weights.Count} weights and {parameters.Biases.Count} biases were given.",
                nameof(parameters));
        var inputs = parameters.ObservationSize;
        for (var layer = 0; layer < parameters.Weights.Count; layer++)
        {
            var outputs = parameters.Biases[layer].Length;
            if (outputs == 0 || parameters.Weights[layer].Length != inputs * outputs)
                throw new ArgumentException(
                    Invariant($"Layer {layer} of {inputs} inputs, {outputs} biases needs {inputs * outputs} weights, but {parameters.Weights[layer].Length} ") +
                        "were given.",
                    nameof(parameters));
            inputs = outputs;
        }
        var actions = parameters.ActionSpace.Size;
        if (inputs != 2 * actions)
            throw new ArgumentException(
                Invariant($"The last layer gives a mean and a log standard deviation for each of the {actions} actions, so {2 * actions} values, but has ") +
                    Invariant($"{inputs}."),
                nameof(parameters));
    }

    /// <summary>The weights and bounds as tensors of one device.</summary>
    private sealed class Tensors : IDisposable
    {
        private readonly List<Tensor> _all = [];

        public Tensors(ActorParameters parameters, ActionBounds bounds, Device device)
        {
            Biases = [.. parameters.Biases.Select(vector => Keep(vector, device, vector.Length))];
            Weights = [.. parameters.Weights.Zip(parameters.Biases, (matrix, vector) => Keep(matrix, device, matrix.Length / vector.Length, vector.Length))];
            (Low, High) = (Keep(bounds.Low, device, bounds.Low.Length), Keep(bounds.High, device, bounds.High.Length));
            (Center, HalfRange) = (Keep(bounds.Center, device, bounds.Center.Length), Keep(bounds.HalfRange, device, bounds.HalfRange.Length));
        }

        public Tensor[] Weights { get; }

        public Tensor[] Biases { get; }

        public Tensor Low { get; }

        public Tensor High { get; }

        public Tensor Center { get; }

        public Tensor HalfRange { get; }

        public void Dispose() => _all.ForEach(tensor => tensor.Dispose());

        private Tensor Keep(float[] values, Device device, params long[] shape)
        {
            var kept = tensor(values, shape).to(device, disposeAfter: true).DetachFromDisposeScope();
            _all.Add(kept);
            return kept;
        }
    }
}
