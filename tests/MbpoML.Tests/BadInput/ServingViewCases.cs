using MbpoML.Data;
using MbpoML.Imagination;
using MbpoML.Tests.Fakes;
using MbpoML.Tests.Policies;
using Microsoft.ML;
using Microsoft.ML.Data;
using static MbpoML.Tests.BadInput.BadCase;

namespace MbpoML.Tests.BadInput;

/// <summary>Fitted models and policies asked about views that they were not made for, and estimators about such schemas.</summary>
internal static class ServingViewCases
{
    private static readonly ITransformer Policy = Samples.Policy;

    public static IEnumerable<BadCase> All =>
    [
        .. Schemas("DynamicsTransformer.GetOutputSchema(DataViewSchema)", schema => Samples.Dynamics.GetOutputSchema(schema)),
        .. Schemas("DynamicsTransformer.GetRowToRowMapper(DataViewSchema)", schema => Samples.Dynamics.GetRowToRowMapper(schema)),
        .. Schemas("DynamicsTransformer.Transform(IDataView)",
            schema => Samples.Dynamics.Transform(schema is null ? null! : new EmptyDataView(schema)), "input"),
        .. Schemas("HomoscedasticTransformer.GetOutputSchema(DataViewSchema)", schema => Samples.Homoscedastic.GetOutputSchema(schema)),
        .. Schemas("HomoscedasticTransformer.GetRowToRowMapper(DataViewSchema)", schema => Samples.Homoscedastic.GetRowToRowMapper(schema)),
        .. Schemas("HomoscedasticTransformer.Transform(IDataView)",
            schema => Samples.Homoscedastic.Transform(schema is null ? null! : new EmptyDataView(schema)), "input"),
        .. Schemas("BranchedRolloutTransformer.GetOutputSchema(DataViewSchema)", schema => Rollouts().GetOutputSchema(schema)),
        .. Schemas("BranchedRolloutTransformer.Transform(IDataView)",
            schema => Rollouts().Transform(schema is null ? null! : new EmptyDataView(schema)), "input"),
        .. Schemas("BranchedRolloutEstimator.Fit(IDataView)", schema => Estimator().Fit(schema is null ? null! : new EmptyDataView(schema)), "input"),
        .. Schemas("PolicyTransformer.GetOutputSchema(DataViewSchema)", schema => Policy.GetOutputSchema(schema), wrong: typeof(ArgumentOutOfRangeException)),
        .. Schemas("PolicyTransformer.GetRowToRowMapper(DataViewSchema)", schema => Policy.GetRowToRowMapper(schema),
            wrong: typeof(ArgumentOutOfRangeException)),
        .. Schemas("PolicyTransformer.Transform(IDataView)", schema => Policy.Transform(schema is null ? null! : new EmptyDataView(schema)), "input",
            typeof(ArgumentOutOfRangeException)),
        Bad<InvalidOperationException>("DynamicsTransformer.Transform(IDataView)", "NaN",
            () => Read(Samples.Dynamics.Transform(Samples.View(odd: float.NaN)), "PredictedReward"), "'Observation'", "NaN at [1] of row 5"),
        Bad<InvalidOperationException>("DynamicsTransformer.GetRowToRowMapper(DataViewSchema)", "an array of another length",
            () => Predict<Reward>(Samples.Dynamics, [1]), "'Observation'", "gave 1"),
        Bad<InvalidOperationException>("HomoscedasticTransformer.Transform(IDataView)", "NaN",
            () => Read(Samples.Homoscedastic.Transform(Samples.View(odd: float.NaN)), "PredictedReward"), "'Observation'", "NaN at [1] of row 5"),
        Bad<ArgumentNullException>("HomoscedasticTransformer.Save(ModelSaveContext)", "null", () => ((ICanSaveModel)Samples.Homoscedastic).Save(null!), "ctx"),
        Bad<InvalidOperationException>("PolicyTransformer.Transform(IDataView)", "NaN",
            () => Read(Policy.Transform(PolicyFixture.View([[1, float.NaN, 2]])), "Action"), "'Observation'", "NaN at [1] of row 0"),
        Bad<InvalidOperationException>("PolicyTransformer.Transform(IDataView)", "an array of another length",
            () => Read(Policy.Transform(PolicyFixture.View([[1, 2]])), "Action"), "'Observation'", "gave 2"),
        Bad<InvalidOperationException>("PolicyTransformer.GetRowToRowMapper(DataViewSchema)", "infinity",
            () => Predict<PolicyFixture.Output>(Samples.Policy, [1, float.PositiveInfinity, 2]), "'Observation'", "Infinity at [1]"),
        Bad<ArgumentException>("BranchedRolloutTransformer.Transform(IDataView)", "NaN", () => Rollouts().Transform(Samples.View(odd: float.NaN)),
            "'Observation'", "NaN in row 5"),
        Bad<ArgumentException>("BranchedRolloutTransformer.Transform(IDataView)", "no rows", () => Rollouts().Transform(Samples.View(0)), "no rows"),
        Bad<InvalidOperationException>(
            "BranchedRolloutTransformer.GetRowToRowMapper(DataViewSchema)", "any schema", () => Rollouts().GetRowToRowMapper(null!), "Transform"),
        Bad<NotSupportedException>(
            "BranchedRolloutTransformer.Save(ModelSaveContext)", "any context", () => ((ICanSaveModel)Rollouts()).Save(null!), "Save the policy"),
        Bad<NotSupportedException>(
            "DynamicsTransformer.Save(ModelSaveContext)", "any context", () => ((ICanSaveModel)Samples.Dynamics).Save(null!), "save the policy"),
        Bad<ArgumentNullException>("PolicyTransformer.Save(ModelSaveContext)", "null", () => ((ICanSaveModel)Samples.Policy).Save(null!), "ctx"),
        .. Shapes("ProbabilisticEnsembleTrainer.GetOutputSchema(SchemaShape)", shape => Samples.Rl.Dynamics.ProbabilisticEnsemble().GetOutputSchema(shape)),
        .. Shapes("HomoscedasticEnsembleTrainer.GetOutputSchema(SchemaShape)", shape => Samples.Rl.Dynamics.HomoscedasticEnsemble().GetOutputSchema(shape)),
        .. Shapes("BootstrapRegressionEstimator.GetOutputSchema(SchemaShape)",
            shape => Samples.Rl.Dynamics.Bootstrap(2, label => Samples.ML.Regression.Trainers.Sdca(label)).GetOutputSchema(shape)),
        .. Shapes("PerOutputRegressionEstimator.GetOutputSchema(SchemaShape)",
            shape => Samples.Rl.Dynamics.Regression(label => Samples.ML.Regression.Trainers.Sdca(label)).GetOutputSchema(shape)),
        .. Shapes("BranchedRolloutEstimator.GetOutputSchema(SchemaShape)", shape => Estimator().GetOutputSchema(shape)),
        .. Shapes("SoftActorCriticTrainer.GetOutputSchema(SchemaShape)", shape => Samples.Rl.Policies.SoftActorCritic().GetOutputSchema(shape)),
        .. Shapes("DoubleHorizonTrainer.GetOutputSchema(SchemaShape)",
            shape => Samples.Rl.DoubleHorizonMbpo(Samples.Environment(), DoubleHorizonCases.Tiny(), new LineDynamicsEstimator(),
                Samples.Rl.Rollouts.Distribution(), Samples.Rl.Policies.ValueGradient()).GetOutputSchema(shape)),
        .. Shapes("ProximalTrainer.GetOutputSchema(SchemaShape)", shape => Samples.Rl.Policies.Proximal().GetOutputSchema(shape)),
        .. Shapes("TrustRegionTrainer.GetOutputSchema(SchemaShape)", shape => Samples.Rl.Policies.TrustRegion().GetOutputSchema(shape)),
        .. Shapes("ValueGradientTrainer.GetOutputSchema(SchemaShape)", shape => Samples.Rl.Policies.ValueGradient().GetOutputSchema(shape)),
        .. Shapes("MbpoTrainer.GetOutputSchema(SchemaShape)", shape => Samples.Rl.Mbpo(Samples.Environment(), TrainingCases.Tiny()).GetOutputSchema(shape)),
    ];

    private static BranchedRolloutEstimator Estimator() => Samples.Rl.Rollouts.Branched(Samples.Dynamics, Samples.SmallPolicy);

    private static BranchedRolloutTransformer Rollouts() => Estimator().Fit(Samples.View());

    private static IEnumerable<BadCase> Schemas(string member, Action<DataViewSchema> use, string argument = "inputSchema", Type? wrong = null)
    {
        BadCase Wrong(string what, DataViewSchema schema, string type) =>
            new(member, what, wrong ?? typeof(ArgumentException), () => use(schema), ["'Observation'", type]);
        return
        [
            Bad<ArgumentNullException>(member, "null", () => use(null!), argument),
            Bad<ArgumentOutOfRangeException>(member, "no Observation", () => use(Samples.View(without: "Observation").Schema), "'Observation'"),
            Wrong("doubles", Samples.WithDoubles("Observation").Schema, "Double"),
            Wrong("a number", Samples.View(without: "Observation", with: builder => builder.AddScalar("Observation", new float[6])).Schema, wrong is null
                ? "1 values" : "Single"),
            Wrong("of another size", Samples.View(without: "Observation", with: builder => builder.AddVector("Observation", 4, new float[24])).Schema, "4"),
        ];
    }

    private static IEnumerable<BadCase> Shapes(string member, Action<SchemaShape> use) =>
    [
        Bad<ArgumentNullException>(member, "null", () => use(null!), "inputSchema"),
        Bad<ArgumentOutOfRangeException>(member, "no column", () => use(new SchemaShape([])), "'Observation'"),
        Bad<ArgumentOutOfRangeException>(
            member, "flags", () => use(new SchemaShape([]).With(SchemaShapes.Flag(Samples.ML, "Observation"))), "'Observation'", "Boolean"),
    ];

    private static void Read(IDataView view, string column)
    {
        using var cursor = view.GetRowCursor([view.Schema[column]]);
        while (cursor.MoveNext())
        {
        }
    }

    private static void Predict<TAnswer>(ITransformer transformer, float[] observation)
        where TAnswer : class, new()
    {
        var definition = SchemaDefinition.Create(typeof(Asked));
        definition["Observation"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, transformer == Policy ? 3 : 2);
        var mapped = Samples.ML.Model.CreatePredictionEngine<Asked, TAnswer>(
            transformer, new PredictionEngineOptions { OwnsTransformer = false, InputSchemaDefinition = definition });
        mapped.Predict(new Asked { Observation = observation });
    }

    private sealed class Asked
    {
        public float[] Observation { get; set; } = [];

        [VectorType(1)]
        public float[] Action { get; set; } = [0];
    }

    private sealed class Reward
    {
        public float PredictedReward { get; set; }
    }

    /// <summary>No rows of a schema.</summary>
    private sealed class EmptyDataView(DataViewSchema schema) : IDataView
    {
        public bool CanShuffle => false;

        public DataViewSchema Schema => schema;

        public long? GetRowCount() => 0;

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
            throw new NotSupportedException("The schema is refused first.");

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
            [GetRowCursor(columnsNeeded, rand)];
    }
}
