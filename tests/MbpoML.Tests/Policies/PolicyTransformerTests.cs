using MbpoML.Data.Views;
using MbpoML.Environments;
using MbpoML.Policies;
using MbpoML.Policies.Serving;
using Microsoft.ML;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace MbpoML.Tests.Policies;

public class PolicyTransformerTests
{
    [TestCase(false)]
    [TestCase(true)]
    public void Transform_gives_what_a_plain_computation_in_double_gives(bool smooth)
    {
        var actor = smooth ? PolicyFixture.SmoothActor() : PolicyFixture.Actor();
        using var policy = PolicyFixture.Policy(actor: actor);
        var observations = PolicyFixture.Observations(50);
        var actions = PolicyFixture.Actions(policy.Transform(PolicyFixture.View(observations)));
        for (var row = 0; row < observations.Length; row++)
            Assert.That(actions[row], Is.EqualTo(PolicyFixture.MostLikely(actor, observations[row])).Within(PolicyFixture.Tolerance));
    }

    [TestCase(false, false)]
    [TestCase(true, false)]
    [TestCase(false, true)]
    [TestCase(true, true)]
    public void All_ways_to_ask_give_the_same_action(bool stochastic, bool smooth)
    {
        using var policy = PolicyFixture.Policy(
            new PolicyTransformer.Options { Stochastic = stochastic, Seed = 5 }, smooth ? PolicyFixture.SmoothActor() : null);
        var observations = PolicyFixture.Observations(700);
        var view = PolicyFixture.View(observations);
        var transformed = PolicyFixture.Actions(policy.Transform(view));

        var dense = (IDenseDataView)policy.Transform(new DenseView(view, observations));
        Assert.That(dense.TryGetColumn<float>("Action", out var column));
        Assert.That(column.ToArray(), Is.EqualTo(transformed.SelectMany(row => row)), "dense");
        Assert.That(dense.TryGetColumn<int>("Action", out _), Is.False, "of another type");
        Assert.That(dense.TryGetColumn("Observation", out column), "passed through");
        Assert.That(column.ToArray(), Is.EqualTo(observations.SelectMany(row => row)), "passed through");

        // A mapper over the view's own rows has the same row ids, so a stochastic policy draws the same noise there.
        var mapper = ((ITransformer)policy).GetRowToRowMapper(view.Schema);
        using var cursor = view.GetRowCursor(view.Schema);
        using var mapped = mapper.GetRow(cursor, mapper.OutputSchema);
        var getter = mapped.GetGetter<VBuffer<float>>(mapper.OutputSchema["Action"]);
        VBuffer<float> action = default;
        for (var row = 0; cursor.MoveNext(); row++)
        {
            getter(ref action);
            Assert.That(action.DenseValues().ToArray(), Is.EqualTo(transformed[row]).Within(PolicyFixture.Tolerance), $"row {row}");
        }
    }

    [Test]
    public void Deterministic_engine_array_and_tensor_agree_with_Transform()
    {
        using var policy = PolicyFixture.Policy();
        var observations = PolicyFixture.Observations(40);
        var transformed = PolicyFixture.Actions(policy.Transform(PolicyFixture.View(observations)));
        using var engine = Engine(policy);
        using var batch = tensor(observations.SelectMany(row => row).ToArray(), [40, PolicyFixture.ObservationSize]);
        using var acted = policy.Act(batch);
        Assert.That(acted.data<float>().ToArray(), Is.EqualTo(transformed.SelectMany(row => row)).Within(PolicyFixture.Tolerance));
        for (var row = 0; row < observations.Length; row++)
        {
            var action = engine.Predict(new PolicyFixture.Input { Observation = observations[row] }).Action;
            Assert.That(action, Is.EqualTo(transformed[row]).Within(PolicyFixture.Tolerance));
            Assert.That(policy.Act(observations[row]), Is.EqualTo(transformed[row]).Within(PolicyFixture.Tolerance));
        }
    }

    [Test]
    public void Acting_on_spans_allocates_nothing()
    {
        using var policy = PolicyFixture.Policy();
        var (observation, action) = (new float[PolicyFixture.ObservationSize], new float[PolicyFixture.ActionSize]);
        policy.Act(observation, action);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var call = 0; call < 100; call++) policy.Act(observation, action);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void Ten_thousand_rows_across_blocks_keep_their_order_and_their_other_columns()
    {
        using var policy = PolicyFixture.Policy();
        var observations = PolicyFixture.Observations(10_000);
        var view = policy.Transform(PolicyFixture.View(observations));
        var (actions, passed) = (PolicyFixture.Actions(view), view.GetColumn<float[]>("Observation").ToArray());
        Assert.That(view.GetColumn<int>("Row"), Is.EqualTo(Enumerable.Range(0, 10_000)));
        foreach (var row in new[] { 0, RowPolicy.PieceRows - 1, RowPolicy.PieceRows, RowPolicy.PieceRows + 1, 9_999 })
        {
            Assert.That(actions[row], Is.EqualTo(policy.Act(observations[row])).Within(PolicyFixture.Tolerance), $"row {row}");
            Assert.That(passed[row], Is.EqualTo(observations[row]));
        }
    }

    [Test]
    public void Concurrent_cursors_and_engines_agree()
    {
        using var policy = PolicyFixture.Policy();
        var observations = PolicyFixture.Observations(2_000);
        var view = policy.Transform(PolicyFixture.View(observations));
        var expected = PolicyFixture.Actions(view);
        Parallel.For(0, 8, worker =>
        {
            Assert.That(PolicyFixture.Actions(view), Is.EqualTo(expected));
            using var engine = Engine(policy);
            var action = engine.Predict(new PolicyFixture.Input { Observation = observations[worker] }).Action;
            Assert.That(action, Is.EqualTo(expected[worker]).Within(PolicyFixture.Tolerance));
        });
    }

    [Test]
    public void Only_the_columns_asked_for_are_read()
    {
        using var policy = PolicyFixture.Policy();
        var view = policy.Transform(PolicyFixture.View(PolicyFixture.Observations(3)));
        using var cursor = view.GetRowCursor([view.Schema["Row"]]);
        Assert.That(cursor.MoveNext());
        Assert.That(cursor.IsColumnActive(view.Schema["Action"]), Is.False);
        Assert.That(() => cursor.GetGetter<VBuffer<float>>(view.Schema["Action"]), Throws.InvalidOperationException.With.Message.Contains("not active"));
    }

    [Test]
    public void A_column_of_the_actions_name_is_hidden_and_stays_readable_by_index()
    {
        using var policy = PolicyFixture.Policy(new PolicyTransformer.Options { ActionColumnName = "Row" });
        var input = PolicyFixture.View(PolicyFixture.Observations(5));
        var view = policy.Transform(input);
        var hidden = view.Schema[input.Schema["Row"].Index];
        Assert.That(hidden.IsHidden);
        Assert.That(view.Schema["Row"].Type, Is.EqualTo(new VectorDataViewType(NumberDataViewType.Single, PolicyFixture.ActionSize)));
        Assert.That(view.GetColumn<int>(hidden), Is.EqualTo(Enumerable.Range(0, 5)));
        Assert.That(policy.GetOutputSchema(input.Schema).Select(column => column.Name), Is.EqualTo(view.Schema.Select(column => column.Name)));
    }

    [Test]
    public void Actions_never_leave_the_bounds_even_by_rounding()
    {
        var actor = PolicyFixture.Actor();
        using var policy = PolicyFixture.Policy(actor: actor with { Biases = [.. actor.Biases.Take(2), [50, -50, 0, 0]] });
        var actions = PolicyFixture.Actions(policy.Transform(PolicyFixture.View(PolicyFixture.Observations(20))));
        foreach (var action in actions.Append(policy.Act(new float[PolicyFixture.ObservationSize])))
        {
            Assert.That((double)action[0], Is.LessThanOrEqualTo(0.3).And.GreaterThan(0.2999999));
            Assert.That((double)action[1], Is.EqualTo(-2));
        }
    }

    [Test]
    public void Errors_name_what_is_wrong_and_what_is_expected()
    {
        var ml = new MLContext(seed: 1);
        using var policy = PolicyFixture.Policy();
        Assert.That(() => policy.Transform(ml.Data.LoadFromEnumerable([new PolicyFixture.Output()])),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("Could not find input column 'Observation'"));
        Assert.That(() => policy.Transform(ml.Data.LoadFromEnumerable([new TooWide()])),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("Vector<Single, 3>").And.Message.Contains("Vector<Single, 4>"));
        Assert.That(() => policy.Act(new float[4]), Throws.ArgumentException.With.Message.Contains("observation has 4 elements, but 3"));
        Assert.That(() => policy.Act(new float[3], new float[1]), Throws.ArgumentException.With.Message.Contains("action has 1 elements, but 2"));
        using var wrong = zeros(5, 4);
        Assert.That(() => policy.Act(wrong), Throws.ArgumentException.With.Message.Contains("[rows, 3]").And.Message.Contains("[5, 4]"));
        using var engine = Engine(policy);
        Assert.That(() => engine.Predict(new PolicyFixture.Input { Observation = [1, 2] }), Throws.InvalidOperationException.With.Message.Contains("gave 2"));
        var sameNames = new PolicyTransformer.Options { ActionColumnName = "Observation" };
        Assert.That(() => PolicyFixture.Policy(sameNames), Throws.InvalidOperationException.With.Message.Contains("two names"));
    }

    [Test]
    public void An_actor_whose_numbers_do_not_fit_together_is_refused()
    {
        var actor = PolicyFixture.Actor();
        void Refused(ActorParameters wrong, string reason) =>
            Assert.That(() => PolicyFixture.Policy(actor: wrong), Throws.ArgumentException.With.Message.Contains(reason));
        Refused(actor with { ObservationSize = 4 }, "needs 64 weights, but 48");
        Refused(actor with { Biases = [.. actor.Biases.Take(2)] }, "3 weights and 2 biases");
        Refused(actor with { ActionSpace = BoxSpace.Uniform(3, -1, 1) }, "so 6 values, but has 4");
        Refused(actor with { ActionSpace = BoxSpace.Unbounded(2) }, "finite");
    }

    [Test]
    public void A_disposed_policy_refuses_and_its_variants_live_on()
    {
        var policy = PolicyFixture.Policy();
        var view = PolicyFixture.View(PolicyFixture.Observations(3));
        var pending = policy.Transform(view);
        var expected = PolicyFixture.Actions(pending);
        using (var variant = policy.AsDeterministic())
        {
            policy.Dispose();
            policy.Dispose();
            Assert.That(() => policy.Act(new float[3]), Throws.TypeOf<ObjectDisposedException>());
            Assert.That(() => policy.Transform(view), Throws.TypeOf<ObjectDisposedException>());
            Assert.That(policy.AsDeterministic, Throws.TypeOf<ObjectDisposedException>());
            Assert.That(PolicyFixture.Actions(variant.Transform(view)), Is.EqualTo(expected));
        }
        Assert.That(() => PolicyFixture.Actions(pending), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void Reading_leaves_no_tensors_behind()
    {
        using var policy = PolicyFixture.Policy(new PolicyTransformer.Options { Stochastic = true, Seed = 1 });
        var view = policy.Transform(PolicyFixture.View(PolicyFixture.Observations(1_100)));
        PolicyFixture.Actions(view);
        var before = LiveTensors.Settled();
        PolicyFixture.Actions(view);
        Assert.That(Tensor.TotalCount, Is.EqualTo(before));
    }

    internal static PredictionEngine<PolicyFixture.Input, PolicyFixture.Output> Engine(PolicyTransformer policy)
    {
        var options = new PredictionEngineOptions { OwnsTransformer = false };
        return new MLContext(seed: 1).Model.CreatePredictionEngine<PolicyFixture.Input, PolicyFixture.Output>(policy, options);
    }

    private sealed class TooWide
    {
        [VectorType(4)]
        public float[] Observation { get; set; } = [0, 0, 0, 0];
    }

    /// <summary>A dense view over rows that another view also gives.</summary>
    private sealed class DenseView(IDataView rows, float[][] observations) : IDenseDataView
    {
        public int RowCount => observations.Length;

        public bool CanShuffle => rows.CanShuffle;

        public DataViewSchema Schema => rows.Schema;

        public long? GetRowCount() => RowCount;

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
            rows.GetRowCursor(columnsNeeded, rand);

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
            rows.GetRowCursorSet(columnsNeeded, n, rand);

        public bool TryGetColumn<T>(string columnName, out ReadOnlyMemory<T> values)
            where T : unmanaged
        {
            values = columnName == "Observation" ? (ReadOnlyMemory<T>)(object)new ReadOnlyMemory<float>([.. observations.SelectMany(row => row)]) : default;
            return columnName == "Observation";
        }
    }
}
