namespace MbpoML.Dynamics.Compiled;

/// <summary>A column that has one value in every row.</summary>
internal sealed class ConstantColumn : BlockColumn
{
    public ConstantColumn(float value)
        : base(1) => Array.Fill(Values, value);

    protected override void Fill(int start, int rows)
    {
        // The values stand since the beginning.
    }
}
