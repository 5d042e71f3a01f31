using MbpoML.Numerics.Kernels;
using static TorchSharp.torch;

namespace MbpoML.Tests.Numerics.Kernels;

public class FlatAdamTests
{
    // Longer than any vector and no multiple of one, so that both the vector loop and the rest are run.
    private const int Size = 37;

    [Test]
    public void Step_follows_the_algorithm_in_double_precision()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var parameters = randn(Size, generator: generator);
        var expected = parameters.to(ScalarType.Float64).data<double>().ToArray();
        using var adam = new FlatAdam(parameters, 1e-2);
        var (m, v) = (new double[Size], new double[Size]);
        for (var t = 1; t <= 50; t++)
        {
            var gradient = randn(Size, generator: generator);
            var g = gradient.data<float>().ToArray();
            adam.Step(gradient);
            for (var i = 0; i < Size; i++)
            {
                m[i] = (0.9 * m[i]) + (0.1 * g[i]);
                v[i] = (0.999 * v[i]) + (0.001 * g[i] * g[i]);
                expected[i] -= 1e-2 * (m[i] / (1 - Math.Pow(0.9, t))) / (Math.Sqrt(v[i] / (1 - Math.Pow(0.999, t))) + 1e-8);
            }
        }
        Assert.That(parameters.data<float>().ToArray().Select(value => (double)value), Is.EqualTo(expected).Within(3e-6));
        Assert.That(adam.StepCount, Is.EqualTo(50));
    }

    [Test]
    public void Both_paths_give_the_same_parameters()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(2);
        var (fast, plain) = (randn(Size, generator: generator), empty(Size));
        plain.copy_(fast);
        using var fastAdam = new FlatAdam(fast, 1e-3);
        using var plainAdam = new FlatAdam(plain, 1e-3);
        for (var t = 0; t < 20; t++)
        {
            var gradient = randn(Size, generator: generator);
            fastAdam.Step(gradient);
            plainAdam.StepByTensorOperations(gradient);
        }
        Assert.That((fast - plain).abs().max().item<float>(), Is.LessThan(1e-6f));
    }

    [Test]
    public void SetState_goes_on_exactly()
    {
        using var scope = NewDisposeScope();
        var gradient = linspace(-1, 1, Size);
        var (first, second) = (ones(Size), ones(Size));
        using var original = new FlatAdam(first, 1e-2);
        original.Step(gradient);
        second.copy_(first);
        using var resumed = new FlatAdam(second, 1e-2);
        resumed.SetState(original.FirstMoment, original.SecondMoment, original.StepCount);
        original.Step(gradient);
        resumed.Step(gradient);
        Assert.That(second.data<float>().ToArray(), Is.EqualTo(first.data<float>().ToArray()));
    }

    [Test]
    public void Moments_too_small_to_matter_become_zero()
    {
        using var scope = NewDisposeScope();
        using var adam = new FlatAdam(zeros(Size), 1e-2);
        adam.Step(full(Size, 1e-31f));
        Assert.That(adam.FirstMoment.abs().max().item<float>(), Is.Zero);
    }

    [Test]
    public void A_gradient_of_another_size_is_refused()
    {
        using var scope = NewDisposeScope();
        using var adam = new FlatAdam(zeros(Size), 1e-2);
        Assert.That(() => adam.Step(zeros(Size + 1)), Throws.ArgumentException.With.Message.Contains("38 values").And.Message.Contains("37 parameters"));
    }
}
