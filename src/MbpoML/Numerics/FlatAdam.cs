using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace MbpoML.Numerics;

/// <summary>Adam over one flat parameter tensor, with flat gradient and flat moments.</summary>
/// <remarks>
/// D. P. Kingma and J. Ba, "Adam: a method for stochastic optimization" (ICLR 2015), Algorithm 1, with epsilon outside the bias correction:
/// m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2; p -= rate * (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + epsilon).
/// On the CPU that is one pass over memory, which beats a chain of tensor operations several times; on other devices a handful of operations in place.
/// The parameters stay the caller's; the moments live and die with this object.
/// </remarks>
internal sealed class FlatAdam : IDisposable
{
    // Moments of units that went silent sink into denormal numbers, which make the pass several times slower: below this they count as zero.
    private const float Negligible = 1e-30f;
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
            throw new ArgumentException($"The parameters must be one contiguous dimension of float32, but are {parameters.dtype} [{string.Join(", ", parameters.shape)}].", nameof(parameters));
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
    public void Step(Tensor gradient)
    {
        if (gradient.numel() != _parameters.numel())
            throw new ArgumentException($"The gradient has {gradient.numel()} values, but there are {_parameters.numel()} parameters.", nameof(gradient));
        if (_parameters.device_type == DeviceType.CPU) StepInOnePass(gradient);
        else StepByTensorOperations(gradient);
    }

    /// <summary>The step on any device.</summary>
    internal void StepByTensorOperations(Tensor gradient)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (rate, rootCorrection) = NextCorrections();
        // Of one network it may come as [1, parameters].
        var flat = gradient.view(-1);
        FirstMoment.mul_(_beta1).add_(flat, 1 - _beta1);
        SecondMoment.mul_(_beta2).addcmul_(flat, flat, 1 - _beta2);
        _parameters.addcdiv_(FirstMoment, SecondMoment.sqrt().mul_(rootCorrection).add_(_epsilon), -rate);
    }

    private void StepInOnePass(Tensor gradient)
    {
        var (rate, rootCorrection) = NextCorrections();
        var pass = new Pass((float)_beta1, (float)_beta2, (float)(1 - _beta1), (float)(1 - _beta2), (float)rate, (float)rootCorrection, (float)_epsilon);
        pass.Run(Floats(_parameters), Floats(gradient), Floats(FirstMoment), Floats(SecondMoment));
    }

    // The learning rate over the first moment's correction, and the factor that corrects the root of the second moment.
    private (double Rate, double RootCorrection) NextCorrections()
    {
        StepCount++;
        return (_learningRate / (1 - Math.Pow(_beta1, StepCount)), 1 / Math.Sqrt(1 - Math.Pow(_beta2, StepCount)));
    }

    private static Span<float> Floats(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);

    public void Dispose()
    {
        FirstMoment.Dispose();
        SecondMoment.Dispose();
    }

    private readonly record struct Pass(float Beta1, float Beta2, float Rest1, float Rest2, float Rate, float RootCorrection, float Epsilon)
    {
        public void Run(Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second)
        {
            var index = 0;
            var (width, negligible) = (Vector<float>.Count, new Vector<float>(Negligible));
            var (rate, epsilon) = (new Vector<float>(Rate), new Vector<float>(Epsilon));
            for (; index <= parameters.Length - width; index += width)
            {
                var g = new Vector<float>(gradient[index..]);
                var m = (new Vector<float>(first[index..]) * Beta1) + (g * Rest1);
                m = Vector.ConditionalSelect(Vector.LessThan(Vector.Abs(m), negligible), Vector<float>.Zero, m);
                var v = (new Vector<float>(second[index..]) * Beta2) + (g * g * Rest2);
                v = Vector.ConditionalSelect(Vector.LessThan(v, negligible), Vector<float>.Zero, v);
                m.CopyTo(first[index..]);
                v.CopyTo(second[index..]);
                (new Vector<float>(parameters[index..]) - (rate * m / ((Vector.SquareRoot(v) * RootCorrection) + epsilon))).CopyTo(parameters[index..]);
            }
            for (; index < parameters.Length; index++)
            {
                var m = (first[index] * Beta1) + (gradient[index] * Rest1);
                var v = (second[index] * Beta2) + (gradient[index] * gradient[index] * Rest2);
                first[index] = Math.Abs(m) < Negligible ? 0 : m;
                second[index] = v < Negligible ? 0 : v;
                parameters[index] -= Rate * first[index] / ((MathF.Sqrt(second[index]) * RootCorrection) + Epsilon);
            }
        }
    }
}
