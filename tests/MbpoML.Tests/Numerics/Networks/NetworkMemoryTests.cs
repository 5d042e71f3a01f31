using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Networks;
using MbpoML.Numerics.Random;
using MbpoML.Numerics.Torch;
using static MbpoML.Tests.Numerics.Networks.NetworkSamples;
using static TorchSharp.torch;

namespace MbpoML.Tests.Numerics.Networks;

/// <summary>What shares memory, what is allocated, and how rows may be cut into blocks and spread over threads.</summary>
public class NetworkMemoryTests
{
    private static readonly NetworkShape Shape =
        new(5, [new(33, Activation.Silu, 0.1), new(17, Activation.Relu), new(9, Activation.Tanh, null, 0.2)], 3);

    [Test]
    public void Views_share_the_flat_buffer_both_ways()
    {
        using var flat = NetworkSamples.Parameters(Shape, 1, 1).squeeze(0);
        using var views = new LayerViews(Shape, flat.view(-1));
        for (var layer = 0; layer < Shape.Layers; layer++)
        {
            var (weights, biases) = (Shape.WeightOffset(layer), Shape.BiasOffset(layer));
            Assert.That((views.WeightOffset(layer), views.BiasOffset(layer)), Is.EqualTo((weights, biases)));
            Assert.That(views.Weights(layer).Values.ToArray(), Is.EqualTo(flat.Floats().Slice(weights, Shape.In(layer) * Shape.Out(layer)).ToArray()));
            flat.Floats()[weights + 1] = 100 + layer;
            flat.Floats()[biases] = 200 + layer;
            Assert.That((views.Weights(layer).Values[1], views.Biases(layer)[0]), Is.EqualTo((100f + layer, 200f + layer)));
            views.Weights(layer).Values[0] = 300 + layer;
            views.Biases(layer)[^1] = 400 + layer;
            Assert.That((flat.Floats()[weights], flat.Floats()[biases + Shape.Out(layer) - 1]), Is.EqualTo((300f + layer, 400f + layer)));
        }
        Assert.That(views.Values.ToArray(), Is.EqualTo(flat.Floats().ToArray()));
        Assert.That(views.Count, Is.EqualTo(4));
    }

    [Test]
    public void Parameters_have_one_place_each()
    {
        var places = Enumerable.Range(0, Shape.Layers).SelectMany(layer =>
            Enumerable.Range(Shape.WeightOffset(layer), Shape.In(layer) * Shape.Out(layer))
                .Concat(Enumerable.Range(Shape.BiasOffset(layer), Shape.Out(layer))));
        Assert.That(places, Is.EqualTo(Enumerable.Range(0, Shape.ParameterCount)));
    }

    [Test]
    public void Each_network_of_several_is_itself_alone()
    {
        using var scope = NewDisposeScope();
        var parameters = NetworkSamples.Parameters(Shape, 3, 2);
        var input = randn(3, 13, Shape.Inputs);
        var together = Shape.Forward(parameters, input);
        var layers = Shape.Split(parameters);
        for (var network = 0; network < 3; network++)
        {
            foreach (var addition in Enum.GetValues<BiasAddition>())
            {
                var alone = layers.Network(network).Forward(input[network], addition);
                AssertClose(Doubles(alone), Doubles(together[network]), 1e-6, $"network {network}, {addition}");
            }
            using var views = new LayerViews(layers.Network(network));
            using var pass = new NetworkPass(Shape, 13);
            using var rows = new Matrix(input[network].clone());
            pass.Forward(views, rows);
            RowKernels.AddBias(pass.Output.Values, views.Biases(Shape.Layers - 1));
            AssertClose(Doubles(pass.Output.Values), Doubles(together[network]), 1e-5, $"pass through network {network}");
        }
    }

    [TestCase(1)]
    [TestCase(511)]
    [TestCase(512)]
    public void Inference_gives_what_a_pass_gives(int rows)
    {
        using var scope = NewDisposeScope();
        using var parameters = new LayerViews(Shape, NetworkSamples.Parameters(Shape, 1, 4).squeeze(0));
        using var pass = new NetworkPass(Shape, rows);
        using var inference = new InferencePass(Shape);
        using var input = Draw(rows, Shape.Inputs, 5);
        pass.Forward(parameters, input);
        input.Values.CopyTo(inference.Input);
        AssertClose(Doubles(inference.Run(parameters, rows)), Doubles(pass.Output.Values), 1e-6, "outputs");
    }

    [Test]
    public void Inference_of_blocks_of_changing_size_sees_nothing_of_the_one_before_and_allocates_nothing_for_those_that_come_again()
    {
        using var scope = NewDisposeScope();
        using var parameters = new LayerViews(Shape, NetworkSamples.Parameters(Shape, 1, 4).squeeze(0));
        using var inference = new InferencePass(Shape);
        foreach (var rows in (int[])[7, 3, 512, 8, 7, 7, 8, 1, 512, 2])
        {
            using var pass = new NetworkPass(Shape, rows);
            using var input = Draw(rows, Shape.Inputs, rows);
            pass.Forward(parameters, input);
            input.Values.CopyTo(inference.Input);
            AssertClose(Doubles(inference.Run(parameters, rows)), Doubles(pass.Output.Values), 1e-6, $"{rows} rows");
        }

        void Both()
        {
            inference.Run(parameters, 32);
            inference.Run(parameters, 33);
        }

        for (var round = 0; round < 20; round++) Both();
        var tensors = LiveTensors.Settled();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 50; round++) Both();
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(Tensor.TotalCount, Is.EqualTo(tensors));
    }

    [TestCase(1)]
    [TestCase(2)]
    public void Blocks_of_rows_on_their_threads_give_the_gradient_of_the_whole(int threads)
    {
        using var scope = NewDisposeScope();
        using var parameters = new LayerViews(Shape, NetworkSamples.Parameters(Shape, 1, 4).squeeze(0));
        using var companion = new Companion(threads);
        using var pass = new NetworkPass(Shape, 21);
        using var input = Draw(21, Shape.Inputs, 6);
        using var delta = Draw(21, Shape.Outputs, 7);
        LayerViews[] gradients = [LayerViews.Zeros(Shape), LayerViews.Zeros(Shape), LayerViews.Zeros(Shape)];
        pass.Forward(parameters, input);
        delta.Values.CopyTo(pass.Output.Values);
        pass.Backward(parameters, gradients[2], input);

        (NetworkPass Pass, Matrix Input)[] blocks = [(pass.Rows(0, 8), input.Rows(0, 8)), (pass.Rows(8, 13), input.Rows(8, 13))];
        companion.Run(half => blocks[half].Pass.Forward(parameters, blocks[half].Input));
        delta.Values.CopyTo(pass.Output.Values);
        companion.Run(half => blocks[half].Pass.Backward(parameters, gradients[half], blocks[half].Input));
        var sum = Doubles(gradients[0].Values).Zip(Doubles(gradients[1].Values), (first, second) => first + second).ToArray();
        AssertClose(sum, Doubles(gradients[2].Values), 1e-5, "gradient");
        foreach (var gradient in gradients) gradient.Dispose();
        foreach (var block in blocks)
        {
            block.Pass.Dispose();
            block.Input.Dispose();
        }
    }

    [Test]
    public void Gradients_are_added_where_they_are_asked_to_be()
    {
        using var scope = NewDisposeScope();
        using var parameters = new LayerViews(Shape, NetworkSamples.Parameters(Shape, 1, 4).squeeze(0));
        var valueShape = new NetworkShape(5, Shape.Hidden, 1);
        using var value = new LayerViews(valueShape, NetworkSamples.Parameters(valueShape, 1, 4).squeeze(0));
        using var pass = new NetworkPass(Shape, 6);
        using var input = Draw(6, Shape.Inputs, 6);
        using var gradient = LayerViews.Zeros(Shape);
        using var valueGradient = LayerViews.Zeros(valueShape);
        void Backward(bool accumulate)
        {
            pass.Forward(parameters, input);
            pass.Output.Values.Fill(0.5f);
            pass.Backward(parameters, gradient, input, accumulate);
            pass.ForwardValues(value, input, new float[6]);
            pass.BackwardValues(value, valueGradient, input, [1, 2, 3, 4, 5, 6], accumulate);
        }
        Backward(accumulate: false);
        var (once, valueOnce) = (Doubles(gradient.Values), Doubles(valueGradient.Values));
        Backward(accumulate: true);
        AssertClose(Doubles(gradient.Values), [.. once.Select(number => 2 * number)], 1e-6, "twice");
        AssertClose(Doubles(valueGradient.Values), [.. valueOnce.Select(number => 2 * number)], 1e-6, "twice, of values");
        Backward(accumulate: false);
        Assert.That(Doubles(gradient.Values), Is.EqualTo(once), "replaced");
        Assert.That(Doubles(valueGradient.Values), Is.EqualTo(valueOnce), "replaced, of values");
    }

    [Test]
    public void Passes_allocate_nothing()
    {
        using var scope = NewDisposeScope();
        using var parameters = new LayerViews(Shape, NetworkSamples.Parameters(Shape, 1, 4).squeeze(0));
        using var pass = new NetworkPass(Shape, 40);
        using var input = Draw(40, Shape.Inputs, 6);
        using var inputGradient = new Matrix(40, Shape.Inputs);
        using var gradient = LayerViews.Zeros(Shape);
        var stream = new RandomSource(1);
        void Both()
        {
            pass.Forward(parameters, input, stream);
            pass.Backward(parameters, gradient, input, accumulate: true);
            pass.SetInputGradient(parameters.Weights(0), inputGradient);
        }
        for (var step = 0; step < 20; step++) Both();
        var tensors = LiveTensors.Settled();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var step = 0; step < 100; step++) Both();
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(Tensor.TotalCount, Is.EqualTo(tensors));
    }

    [Test]
    public void Shapes_that_cannot_be_are_refused()
    {
        void Refuses(Func<NetworkShape> shape, string message) =>
            Assert.That(shape, Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains(message));
        Assert.Multiple(() =>
        {
            Refuses(() => new NetworkShape(0, [4], 1, Activation.Relu), "inputs must be at least 1");
            Refuses(() => new NetworkShape(1, [4], 0, Activation.Relu), "outputs must be at least 1");
            Refuses(() => new NetworkShape(1, (int[])[], 1, Activation.Relu), "one or more layer sizes");
            Refuses(() => new NetworkShape(1, [new HiddenLayer(4, Activation.Silu, Dropout: 1)], 1), "Dropout must be between 0 and");
            Refuses(() => new NetworkShape(1, [new HiddenLayer(4, Activation.Silu, NormEpsilon: 0)], 1), "NormEpsilon must be a finite number above 0");
            Refuses(() => new NetworkShape(1, [100_000, 100_000], 1, Activation.Relu), "1e+10 parameters");
        });
    }

    [Test]
    public void Layers_that_stand_apart_are_no_flat_buffer()
    {
        using var scope = NewDisposeScope();
        using var views = new LayerViews(Shape.Split(NetworkSamples.Parameters(Shape, 2, 1)).Network(1));
        Assert.That(() => views.Values.Length, Throws.InvalidOperationException);
    }
}
