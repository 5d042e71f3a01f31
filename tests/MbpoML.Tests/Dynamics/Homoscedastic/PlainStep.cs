using MbpoML.Dynamics.Homoscedastic;
using MbpoML.Tests.Numerics.Networks;
using static MbpoML.Tests.Numerics.Networks.NetworkSamples;

namespace MbpoML.Tests.Dynamics.Homoscedastic;

/// <summary>The outcome as the definitions read, with loops over single numbers in double precision, and a loss that is linear in it.</summary>
internal sealed class PlainStep
{
    private readonly HomoscedasticModel _model;
    private readonly double[] _factors, _noise, _logNoise, _inputMean, _inputDeviation, _targetMean, _targetDeviation;
    private readonly int[] _members;

    public PlainStep(HomoscedasticModel model, GivenStep given)
    {
        _model = model;
        var batch = (int)given.Observation.size(0);
        using var draw = new BalancedDraw(model.EliteCount, batch, 3);
        using var generator = given.Generator();
        draw.Draw(generator);
        _members = new int[batch];
        for (var block = 0; block < draw.Count; block++) Array.Fill(_members, draw[block].Member, draw[block].Start, draw[block].Count);
        (_noise, _factors, _logNoise) = (Doubles(draw.Noise), Doubles(given.OutcomeGradient), Doubles(model.Network.LogNoise));
        (_inputMean, _inputDeviation) = (Doubles(model.InputScale.Mean), Doubles(model.InputScale.Deviation));
        (_targetMean, _targetDeviation) = (Doubles(model.Codec.Scale!.Mean), Doubles(model.Codec.Scale.Deviation));
        (Observation, Action) = (Doubles(given.Observation), Doubles(given.Action));
    }

    public double[] Observation { get; }

    public double[] Action { get; }

    public double Loss(double[] observation, double[] action) => Outcome(observation, action).Zip(_factors, (value, factor) => value * factor).Sum();

    public double[] Outcome(double[] observation, double[] action) =>
        [.. observation.Chunk(3).Zip(action.Chunk(2))
            .SelectMany((row, index) => Outcome(row.First, row.Second, _members[index], _noise[(3 * index)..(3 * (index + 1))]))];

    private IEnumerable<double> Outcome(double[] observation, double[] action, int member, double[] noise)
    {
        var input = observation.Concat(action).Select((value, column) => (value - _inputMean[column]) / _inputDeviation[column]).ToArray();
        var output = PlainNetwork.Forward(_model.Network.Shape, Doubles(_model.Network.Flat[member]), input, (_, _) => 1);
        for (var column = 0; column < 4; column++)
        {
            var drawn = output[column] + (column == 0 ? 0 : noise[column - 1] * Math.Exp(_logNoise[(4 * member) + column]));
            yield return (drawn * _targetDeviation[column]) + _targetMean[column] + (column == 0 ? 0 : observation[column - 1]);
        }
    }
}
