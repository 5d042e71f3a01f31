using MbpoML.Numerics.Networks;
using MbpoML.Numerics.Scaling;
using static TorchSharp.torch;

namespace MbpoML.Tests.Numerics.Networks;

public class ScaleChangeTests
{
    private const int Columns = 4;

    private static readonly NetworkShape Inputs = new(Columns + 2, [new(9, Activation.Silu, 0.1), new(7, Activation.Tanh)], 3);

    private static readonly NetworkShape Outputs = new(3, [new(8, Activation.Silu)], Columns);

    [Test]
    public void Networks_keep_their_function_of_the_columns_own_units()
    {
        using var scope = NewDisposeScope();
        using var scale = Fitted(1);
        var (parameters, values, others) = (NetworkSamples.Parameters(Inputs, 3, 1), Rows(2), randn(20, 2, generator: new Generator(3)));
        var before = Forward();
        using (var change = new ScaleChange(scale, () => scale.FitTo(Rows(4)))) Kept(change);
        Assert.That((Forward() - before).abs().max().item<float>(), Is.LessThan(2e-5));

        void Kept(ScaleChange change)
        {
            Assert.That((Forward() - before).abs().max().item<float>(), Is.GreaterThan(0.05), "the scales alone change the function");
            change.KeepInputs(parameters, Inputs);
        }

        Tensor Forward() => Inputs.Forward(parameters, cat([scale.Apply(values), others], 1).unsqueeze(0).expand(3, -1, -1));
    }

    [Test]
    public void Networks_keep_what_they_say_about_the_columns_and_how_sure_they_are()
    {
        using var scope = NewDisposeScope();
        using var scale = Fitted(1);
        var (parameters, noise) = (NetworkSamples.Parameters(Outputs, 2, 1), randn(2, Columns, generator: new Generator(5)));
        var input = randn(2, 20, 3, generator: new Generator(3));
        var (means, deviations) = (Means(), noise.exp() * scale.Deviation);
        using (var change = new ScaleChange(scale, () => scale.FitTo(Rows(4))))
        {
            Assert.That((Means() - means).abs().max().item<float>(), Is.GreaterThan(0.05), "the scales alone change the function");
            change.KeepOutputs(parameters, Outputs);
            change.KeepLogDeviations(noise);
        }

        Assert.That((Means() - means).abs().max().item<float>(), Is.LessThan(2e-5));
        Assert.That(((noise.exp() * scale.Deviation) - deviations).abs().max().item<float>(), Is.LessThan(1e-5));

        Tensor Means() => scale.Invert(Outputs.Forward(parameters, input));
    }

    [Test]
    public void Inputs_behind_the_columns_are_left_alone()
    {
        using var scope = NewDisposeScope();
        using var scale = Fitted(1);
        var parameters = NetworkSamples.Parameters(Inputs, 1, 1);
        var first = Inputs.Split(parameters).Weights[0];
        var before = first.clone();
        using (var change = new ScaleChange(scale, () => scale.FitTo(Rows(4)))) change.KeepInputs(parameters, Inputs);
        Assert.That(first.narrow(1, Columns, 2).Equals(before.narrow(1, Columns, 2)), Is.True);
        Assert.That(first.narrow(1, 0, Columns).Equals(before.narrow(1, 0, Columns)), Is.False);
    }

    private static Standardizer Fitted(int seed)
    {
        var scale = new Standardizer(Columns, CPU);
        using var rows = Rows(seed);
        scale.FitTo(rows);
        return scale;
    }

    // Every seed has means and deviations of its own.
    private static Tensor Rows(int seed)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed);
        var (deviations, means) = (rand(1, Columns, generator: generator) + 0.5, randn(1, Columns, generator: generator));
        return ((randn(20, Columns, generator: generator) * deviations) + means).MoveToOuterDisposeScope();
    }
}
