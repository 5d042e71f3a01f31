using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Networks;
using MbpoML.Numerics.Random;
using static MbpoML.Tests.Numerics.Networks.NetworkSamples;
using static TorchSharp.torch;

namespace MbpoML.Tests.Numerics.Networks;

/// <summary>
/// Forward and backward pass through a network by hand, against automatic differentiation and against finite differences of a plain computation.
/// </summary>
internal sealed class NetworkPassTests
{
    private const int Seed = 3;

    [TestCaseSource(typeof(NetworkSamples), nameof(Shapes))]
    public void Outputs_and_all_gradients_are_those_of_automatic_differentiation(int rows, NetworkShape shape)
    {
        using var scope = NewDisposeScope();
        var expected = new Truth(shape, rows);
        using var work = new Work(shape, rows);
        work.Pass.Forward(work.Parameters, work.Input, new RandomSource(Seed));
        RowKernels.AddBias(work.Pass.Output.Values, work.Parameters.Biases(shape.Layers - 1));
        AssertClose(Doubles(work.Pass.Output.Values), expected.Output, 1e-5, "output");
        work.OutputDelta.CopyTo(work.Pass.Output.Values);
        work.Gradient.Biases(shape.Layers - 1).Clear();
        RowKernels.AddColumns(work.Pass.Output.Values, work.Gradient.Biases(shape.Layers - 1));
        work.Pass.Backward(work.Parameters, work.Gradient, work.Input);
        work.Pass.SetInputGradient(work.Parameters.Weights(0), work.InputGradient);
        AssertClose(Doubles(work.Gradient.Values), expected.ParameterGradient, 2e-5, "gradient by the parameters");
        AssertClose(Doubles(work.InputGradient.Values), expected.InputGradient, 2e-5, "gradient by the inputs");
    }

    [TestCaseSource(typeof(NetworkSamples), nameof(Shapes))]
    public void Automatic_differentiation_agrees_with_finite_differences_of_the_plain_computation(int rows, NetworkShape shape)
    {
        using var scope = NewDisposeScope();
        var truth = new Truth(shape, rows);
        AssertClose(truth.Output, truth.PlainOutput(truth.Parameters, truth.Input), 1e-10, "output");
        AssertClose(truth.ParameterGradient, Differences(truth.Parameters, parameters => truth.PlainLoss(parameters, truth.Input)), 1e-5, "by the parameters");
        AssertClose(truth.InputGradient, Differences(truth.Input, input => truth.PlainLoss(truth.Parameters, input)), 1e-5, "by the inputs");
    }

    [TestCaseSource(typeof(NetworkSamples), nameof(Shapes))]
    public void The_way_to_the_inputs_alone_is_the_same_and_leaves_gradients_alone(int rows, NetworkShape shape)
    {
        using var scope = NewDisposeScope();
        using var whole = new Work(shape, rows);
        using var alone = new Work(shape, rows);
        foreach (var work in new[] { whole, alone })
        {
            work.Pass.Forward(work.Parameters, work.Input, new RandomSource(Seed));
            work.OutputDelta.CopyTo(work.Pass.Output.Values);
        }
        whole.Pass.Backward(whole.Parameters, whole.Gradient, whole.Input);
        alone.Pass.Backward(alone.Parameters);
        foreach (var work in new[] { whole, alone }) work.Pass.SetInputGradient(work.Parameters.Weights(0), work.InputGradient);
        Assert.That(alone.InputGradient.Values.ToArray(), Is.EqualTo(whole.InputGradient.Values.ToArray()));
        Assert.That(alone.Gradient.Values.ToArray(), Is.All.Zero);
    }

    [TestCaseSource(typeof(NetworkSamples), nameof(Shapes))]
    public void Values_of_one_output_are_the_same_both_ways(int rows, NetworkShape of)
    {
        using var scope = NewDisposeScope();
        var shape = new NetworkShape(of.Inputs, of.Hidden, 1);
        using var matrices = new Work(shape, rows);
        using var values = new Work(shape, rows);
        using var inputsAlone = new Work(shape, rows);
        var (given, last) = (new float[rows], shape.Layers - 1);
        matrices.Pass.Forward(matrices.Parameters, matrices.Input, new RandomSource(Seed));
        RowKernels.AddBias(matrices.Pass.Output.Values, matrices.Parameters.Biases(last));
        values.Pass.ForwardValues(values.Parameters, values.Input, given, new RandomSource(Seed));
        AssertClose(Doubles(given), Doubles(matrices.Pass.Output.Values), 1e-5, "values");

        matrices.OutputDelta.CopyTo(matrices.Pass.Output.Values);
        matrices.Pass.Backward(matrices.Parameters, matrices.Gradient, matrices.Input);
        values.Pass.BackwardValues(values.Parameters, values.Gradient, values.Input, values.OutputDelta);
        inputsAlone.Pass.ForwardValues(inputsAlone.Parameters, inputsAlone.Input, given, new RandomSource(Seed));
        inputsAlone.Pass.BackwardValues(inputsAlone.Parameters, inputsAlone.OutputDelta);
        foreach (var work in new[] { matrices, values, inputsAlone }) work.Pass.SetInputGradient(work.Parameters.Weights(0), work.InputGradient);
        AssertClose(Doubles(values.Gradient.Values), Doubles(matrices.Gradient.Values), 1e-5, "gradient by the parameters");
        AssertClose(Doubles(values.InputGradient.Values), Doubles(matrices.InputGradient.Values), 1e-5, "gradient by the inputs");
        Assert.That(inputsAlone.InputGradient.Values.ToArray(), Is.EqualTo(values.InputGradient.Values.ToArray()));
    }

    private static double[] Differences(double[] at, Func<double[], double> loss)
    {
        // Small enough that no unit changes its side of a kink.
        const double Step = 1e-7;
        double Shifted(int index, double by) => loss([.. at.Select((value, other) => other == index ? value + by : value)]);
        return [.. Enumerable.Range(0, at.Length).Select(index => (Shifted(index, Step) - Shifted(index, -Step)) / (2 * Step))];
    }

    /// <summary>What the pass works with; the same numbers for the same sizes.</summary>
    private sealed class Work : IDisposable
    {
        public Work(NetworkShape shape, int rows)
        {
            Parameters = new LayerViews(shape, NetworkSamples.Parameters(shape, 1, Seed).squeeze(0));
            (Gradient, Input, InputGradient) = (LayerViews.Zeros(shape), Draw(rows, shape.Inputs, Seed + 1), new Matrix(rows, shape.Inputs));
            OutputDelta = Draw(rows, shape.Outputs, Seed + 2).Values.ToArray();
            Pass = new NetworkPass(shape, rows);
        }

        public LayerViews Parameters { get; }

        public LayerViews Gradient { get; }

        public Matrix Input { get; }

        public Matrix InputGradient { get; }

        public float[] OutputDelta { get; }

        public NetworkPass Pass { get; }

        public void Dispose()
        {
            foreach (var disposable in (IDisposable[])[Parameters, Gradient, Input, InputGradient, Pass]) disposable.Dispose();
        }
    }

    /// <summary>The same numbers by automatic differentiation in double precision, of a loss that is the outputs times fixed factors.</summary>
    private sealed class Truth
    {
        private readonly NetworkShape _shape;
        private readonly double[] _factors;
        private readonly double[][] _kept;

        public Truth(NetworkShape shape, int rows)
        {
            _shape = shape;
            using var work = new Work(shape, rows);
            (Parameters, Input, _factors) = (Doubles(work.Parameters.Values), Doubles(work.Input.Values), Doubles(work.OutputDelta));
            var kept = Kept(shape, rows, new RandomSource(Seed));
            _kept = [.. kept.Select(Doubles)];
            var flat = tensor(Parameters, 1, Parameters.Length).requires_grad_();
            var input = tensor(Input, 1, rows, shape.Inputs).requires_grad_();
            var output = shape.Split(flat).Forward(input, BiasAddition.AfterProduct, kept);
            var gradients = autograd.grad([(output * tensor(_factors).view(output.shape)).sum()], [flat, input]);
            (Output, ParameterGradient, InputGradient) = (Doubles(output), Doubles(gradients[0]), Doubles(gradients[1]));
        }

        public double[] Parameters { get; }

        public double[] Input { get; }

        public double[] Output { get; }

        public double[] ParameterGradient { get; }

        public double[] InputGradient { get; }

        public double[] PlainOutput(double[] parameters, double[] input) =>
            [.. input.Chunk(_shape.Inputs).SelectMany((row, index) =>
                PlainNetwork.Forward(_shape, parameters, row, (layer, unit) => _kept[layer][(index * _shape.Out(layer)) + unit]))];

        public double PlainLoss(double[] parameters, double[] input) => PlainOutput(parameters, input).Zip(_factors, (output, factor) => output * factor).Sum();
    }
}
