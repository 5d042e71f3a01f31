using MbpoML.Numerics.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace MbpoML.Numerics.Kernels;

/// <summary>Adam over one flat parameter tensor, with flat gradient and flat moments.</summary>
/// <remarks>
/// D. P. Kingma and J. Ba, "Adam: a method for stochastic optimization" (ICLR 2015), Algorithm 1, with epsilon outside the bias correction:
/// m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2; p -= rate * (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + epsilon).
/// On the CPU that is one pass over memory (<see cref="AdamPass"/>), which beats a chain of tensor operations several times; on other devices a handful of
/// operations in place. The parameters stay the caller's; the moments live and die with this object.
/// </remarks>
internal sealed class FlatAdam : IDisposable
{
    private static readonly double MaxDecay = Math.BitDecrement(1.0);

    private readonly Tensor _parameters;
    private readonly double _learningRate;
    private readonly double _beta1;
    private readonly double _beta2;
    private readonly double _epsilon;

    /// <summary>Starts with zero moments.</summary>
    /// <param name="parameters">float32, one dimension, contiguous; changed in place by each step, never disposed here.</param>
    /// <param name="learningRate">Step size, above 0.</param>
    /// <param name="beta1">Decay of the first moment, in [0, 1).</param>
    /// <param name="beta2">Decay of the second moment, in [0, 1).</param>
    /// <param name="epsilon">Added to the root of the second moment.</param>
    public FlatAdam(Tensor parameters, double learningRate, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (parameters.dim() != 1 || parameters.dtype != ScalarType.Float32 || !parameters.is_contiguous())
            throw new ArgumentException(
                $"The parameters must be one contiguous dimension of float32, but are {parameters.dtype} [{string.Join(", ", parameters.shape)}].",
                nameof(parameters));
        _parameters = parameters;
        _learningRate = Check.Positive(learningRate);
        _beta1 = Check.Within(0, MaxDecay, beta1);
        _beta2 = Check.Within(0, MaxDecay, beta2);
        _epsilon = Check.Positive(epsilon);
        FirstMoment = zeros(parameters.numel(), ScalarType.Float32, parameters.device).DetachFromDisposeScope();
        SecondMoment = zeros(parameters.numel(), ScalarType.Float32, parameters.device).DetachFromDisposeScope();
    }

    /// <summary>m, one value a parameter; owned by this object.</summary>
    public Tensor FirstMoment { get; }

    /// <summary>v, one value a parameter; owned by this object.</summary>
    public Tensor SecondMoment { get; }

    /// <summary>t, the number of steps taken.</summary>
    public long StepCount { get; private set; }

    /// <summary>Goes on from a saved state; the values are copied.</summary>
    public void SetState(Tensor firstMoment, Tensor secondMoment, long stepCount)
    {
        FirstMoment.copy_(firstMoment);
        SecondMoment.copy_(secondMoment);
        StepCount = Check.AtLeast(0, stepCount);
    }

    /// <summary>Moves the parameters by one step.</summary>
    /// <param name="gradient">float32, as many values as parameters, contiguous, same device; only read.</param>
    /// <param name="factor">What the learning rate is multiplied with in this step.</param>
    public void Step(Tensor gradient, double factor = 1)
    {
        if (gradient.numel() != _parameters.numel())
            throw new ArgumentException(
                Invariant($"The gradient has {gradient.numel()} values, but there are {_parameters.numel()} parameters."), nameof(gradient));
        if (_parameters.device_type == DeviceType.CPU) StepRange(BeginStep(factor), 0, gradient.Floats());
        else StepByTensorOperations(gradient, factor);
    }

    /// <summary>
    /// Counts a step that the caller takes range by range with <see cref="StepRange"/>, on the CPU; several threads may take disjoint ranges.
    /// </summary>
    /// <param name="factor">What the learning rate is multiplied with in this step.</param>
    public AdamPass BeginStep(double factor = 1)
    {
        StepCount++;
        return new AdamPass(
            _beta1, _beta2, _learningRate * factor / (1 - Math.Pow(_beta1, StepCount)), 1 / Math.Sqrt(1 - Math.Pow(_beta2, StepCount)), _epsilon);
    }

    /// <summary>Moves a range of the parameters, in one pass over memory, on the CPU.</summary>
    /// <param name="step">From <see cref="BeginStep"/>; each parameter belongs to exactly one range of a step.</param>
    /// <param name="start">The range's first parameter.</param>
    /// <param name="gradient">The range's gradient, which says how long it is.</param>
    /// <param name="decay">L2 decay: decay · parameter is added to the gradient.</param>
    /// <param name="follower">Empty, or the range's part of a slow copy, which moves towards the new parameters in the same pass.</param>
    /// <param name="smoothing">How far the follower moves, from 0 to 1.</param>
    /// <param name="kept">Decoupled decay: what parameters are multiplied with before the step.</param>
    public void StepRange(
        in AdamPass step, int start, ReadOnlySpan<float> gradient, float decay = 0, Span<float> follower = default, float smoothing = 0, float kept = 1) =>
        step.Run(
            _parameters.Floats().Slice(start, gradient.Length), gradient,
            FirstMoment.Floats().Slice(start, gradient.Length), SecondMoment.Floats().Slice(start, gradient.Length),
            decay, follower, smoothing, kept);

    /// <summary>The step on any device.</summary>
    internal void StepByTensorOperations(Tensor gradient, double factor = 1)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var step = BeginStep(factor);
        // Of one network it may come as [1, parameters].
        var flat = gradient.view(-1);
        using var rest = (1 - _beta2).ToScalar();
        using var rate = (-step.Rate).ToScalar();
        FirstMoment.MultiplyInPlace(_beta1).AddInPlace(flat, 1 - _beta1);
        SecondMoment.MultiplyInPlace(_beta2).addcmul_(flat, flat, rest);
        _parameters.addcdiv_(FirstMoment, SecondMoment.sqrt().MultiplyInPlace(step.RootCorrection).AddInPlace(_epsilon), rate);
    }

    public void Dispose()
    {
        FirstMoment.Dispose();
        SecondMoment.Dispose();
    }
}
