using MbpoML.Numerics.Networks;

namespace MbpoML.Tests.Numerics.Networks;

/// <summary>A dense network as its definition reads, with loops over single numbers in double precision.</summary>
internal static class PlainNetwork
{
    /// <summary>From one row of inputs to one of outputs.</summary>
    /// <param name="shape">The layers.</param>
    /// <param name="parameters">In the order of the shape.</param>
    /// <param name="input">[in]</param>
    /// <param name="kept">For a hidden layer and a unit what its sum is multiplied with.</param>
    public static double[] Forward(NetworkShape shape, double[] parameters, double[] input, Func<int, int, double> kept)
    {
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            var output = new double[shape.Out(layer)];
            for (var unit = 0; unit < output.Length; unit++)
            {
                output[unit] = parameters[shape.BiasOffset(layer) + unit];
                for (var from = 0; from < input.Length; from++)
                    output[unit] += input[from] * parameters[shape.WeightOffset(layer) + (from * output.Length) + unit];
            }
            input = output;
            if (layer == shape.Hidden.Count) continue;
            var hidden = shape.Hidden[layer];
            for (var unit = 0; unit < output.Length; unit++) output[unit] = Activate(hidden.Activation, output[unit] * kept(layer, unit));
            if (hidden.NormEpsilon is { } epsilon) Normalize(output, epsilon);
        }
        return input;
    }

    private static double Activate(Activation activation, double sum) => activation switch
    {
        Activation.Relu => Math.Max(0, sum),
        Activation.Silu => sum / (1 + Math.Exp(-sum)),
        _ => Math.Tanh(sum),
    };

    private static void Normalize(double[] row, double epsilon)
    {
        var mean = row.Average();
        var variance = row.Average(value => (value - mean) * (value - mean));
        for (var unit = 0; unit < row.Length; unit++) row[unit] = (row[unit] - mean) / Math.Sqrt(variance + epsilon);
    }
}
