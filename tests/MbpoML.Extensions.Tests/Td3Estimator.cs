using MbpoML.Data;
using MbpoML.Environments;
using MbpoML.Policies;
using Microsoft.ML;

namespace MbpoML.Extensions.Tests;

/// <summary>Makes the learner, and learns from logged transitions alone.</summary>
internal sealed class Td3Estimator(MLContext mlContext, BoxSpace actions) : IPolicyEstimator
{
    private const int Updates = 200;

    private readonly ReinforcementCatalog _rl = mlContext.Reinforcement();

    public IPolicyLearner CreateLearner(TransitionLayout layout, BoxSpace actionSpace, int seed, string? device = null) =>
        new Td3Learner(_rl.Policies, layout, actionSpace, seed);

    public PolicyTransformer Fit(IDataView input)
    {
        using var table = _rl.Data.Read(input);
        using var learner = new Td3Learner(_rl.Policies, table.Layout, actions, seed: 1);
        for (var update = 0; update < Updates; update++) learner.Update(table.Rows);
        return learner.ToTransformer();
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema;
}
