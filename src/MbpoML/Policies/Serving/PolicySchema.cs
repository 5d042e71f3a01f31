using Microsoft.ML;
using Microsoft.ML.Data;

namespace MbpoML.Policies.Serving;

/// <summary>How a policy's columns stand in the schema of its input: every input column passes through at its index, the action comes last.</summary>
internal sealed class PolicySchema
{
    public PolicySchema(DataViewSchema input, string observationColumnName, int observationSize, string actionColumnName, int actionSize)
    {
        ArgumentNullException.ThrowIfNull(input, "inputSchema");
        Input = input;
        Observation = input.GetColumnOrNull(observationColumnName)
            ?? throw new ArgumentOutOfRangeException(nameof(input), $"Could not find input column '{observationColumnName}'");
        if (!Observation.Type.Equals(new VectorDataViewType(NumberDataViewType.Single, observationSize)))
            throw new ArgumentOutOfRangeException(
                nameof(input),
                Invariant($"The policy reads observations of {observationSize} numbers, so column '{observationColumnName}' must be of type ") +
                Invariant($"Vector<Single, {observationSize}>, but it is {Observation.Type}. ") +
                Invariant($"Build it with Concatenate, or mark the row class's array with [VectorType({observationSize})]."));
        var output = new DataViewSchema.Builder();
        output.AddColumns(input);
        output.AddColumn(actionColumnName, new VectorDataViewType(NumberDataViewType.Single, actionSize));
        Output = output.ToSchema();
    }

    public DataViewSchema Input { get; }

    public DataViewSchema Output { get; }

    public DataViewSchema.Column Observation { get; }

    public DataViewSchema.Column Action => Output[Input.Count];

    /// <summary>The action's getter as the type that was asked for.</summary>
    public static ValueGetter<TValue> Getter<TValue>(DataViewSchema.Column column, ValueGetter<VBuffer<float>> action) =>
        action as ValueGetter<TValue>
        ?? throw new InvalidOperationException($"Column '{column.Name}' holds {column.Type}: its getter is for VBuffer<float>, not for {typeof(TValue).Name}.");

    /// <summary>The input column behind a column of the output, which must not be the action.</summary>
    public DataViewSchema.Column PassedThrough(DataViewSchema.Column column) => Input[column.Index];

    /// <summary>Whether the column is the action; fails for a column of another schema.</summary>
    public bool IsAction(DataViewSchema.Column column)
    {
        if (column.Index >= Output.Count || Output[column.Index].Name != column.Name)
            throw new ArgumentOutOfRangeException(nameof(column), column.Name, $"Column '{column.Name}' is not a column of this view.");
        return column.Index == Input.Count;
    }
}
