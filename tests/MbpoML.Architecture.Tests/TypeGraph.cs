using Mono.Cecil;
using Mono.Cecil.Cil;

namespace MbpoML.Architecture.Tests;

/// <summary>Which types of an assembly know which: read from its metadata and from the bodies of its methods.</summary>
public sealed class TypeGraph
{
    private readonly ModuleDefinition _module;
    private readonly HashSet<TypeEdge> _edges = [];
    private readonly HashSet<string> _assemblies = [];
    private readonly List<string> _types = [];
    private string _from = "";

    private TypeGraph(ModuleDefinition module)
    {
        _module = module;
        foreach (var type in module.GetTypes().Where(type => type.Name != "<Module>")) AddType(type);
        _types.AddRange(module.Types.Select(type => type.FullName));
    }

    /// <summary>Edges between two types of the assembly, in the order of their names.</summary>
    public IReadOnlyList<TypeEdge> Edges => [.. _edges.OrderBy(edge => edge.ToString(), StringComparer.Ordinal)];

    /// <summary>The full names of all types of the assembly, without nested ones.</summary>
    public IReadOnlyList<string> Types => _types;

    /// <summary>The names of the assemblies whose types are used, and of those that the assembly names.</summary>
    public IReadOnlyCollection<string> Assemblies => _assemblies;

    /// <summary>Reads an assembly.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="within">Only the types whose full name begins with this; all by default.</param>
    public static TypeGraph Read(string path, string within = "")
    {
        // An attribute's arguments are read by the types of other assemblies, all of which the tool has beside it.
        using var others = new DefaultAssemblyResolver();
        others.AddSearchDirectory(Path.GetDirectoryName(path));
        others.AddSearchDirectory(Repository.Output("src", "MbpoML.Tool"));
        using var module = ModuleDefinition.ReadModule(path, new ReaderParameters { AssemblyResolver = others });
        var graph = new TypeGraph(module);
        graph._edges.RemoveWhere(edge => !edge.From.StartsWith(within, StringComparison.Ordinal) || !edge.To.StartsWith(within, StringComparison.Ordinal));
        graph._assemblies.UnionWith(module.AssemblyReferences.Select(reference => reference.Name));
        return graph;
    }

    private void AddType(TypeDefinition type)
    {
        _from = Outermost(type).FullName;
        Add(type.BaseType);
        foreach (var implemented in type.Interfaces) Add(implemented.InterfaceType);
        AddAttributes(type);
        AddConstraints(type);
        foreach (var field in type.Fields)
        {
            Add(field.FieldType);
            AddAttributes(field);
        }

        foreach (var property in type.Properties) AddAttributes(property);
        foreach (var happening in type.Events) AddAttributes(happening);
        foreach (var method in type.Methods) AddMethod(method);
    }

    private void AddMethod(MethodDefinition method)
    {
        AddSignature(method);
        AddAttributes(method);
        AddAttributes(method.MethodReturnType);
        AddConstraints(method);
        foreach (var parameter in method.Parameters) AddAttributes(parameter);
        if (!method.HasBody) return;

        foreach (var variable in method.Body.Variables) Add(variable.VariableType);
        foreach (var handler in method.Body.ExceptionHandlers) Add(handler.CatchType);
        foreach (var instruction in method.Body.Instructions) AddOperand(instruction);
    }

    private void AddOperand(Instruction instruction)
    {
        switch (instruction.Operand)
        {
            case TypeReference type:
                Add(type);
                break;
            case FieldReference field:
                Add(field.DeclaringType);
                Add(field.FieldType);
                break;
            case MethodReference method:
                Add(method.DeclaringType);
                AddSignature(method);
                if (method is GenericInstanceMethod generic) foreach (var argument in generic.GenericArguments) Add(argument);
                break;
        }
    }

    private void AddSignature(MethodReference method)
    {
        Add(method.ReturnType);
        foreach (var parameter in method.Parameters) Add(parameter.ParameterType);
    }

    private void AddConstraints(IGenericParameterProvider generic)
    {
        foreach (var constraint in generic.GenericParameters.SelectMany(parameter => parameter.Constraints)) Add(constraint.ConstraintType);
    }

    private void AddAttributes(Mono.Cecil.ICustomAttributeProvider decorated)
    {
        foreach (var attribute in decorated.CustomAttributes)
        {
            Add(attribute.AttributeType);
            foreach (var argument in attribute.ConstructorArguments.Concat(attribute.Properties.Select(property => property.Argument))) AddArgument(argument);
        }
    }

    private void AddArgument(CustomAttributeArgument argument)
    {
        Add(argument.Type);
        if (argument.Value is TypeReference type) Add(type);
        if (argument.Value is CustomAttributeArgument[] several) foreach (var one in several) AddArgument(one);
    }

    private void Add(TypeReference? type)
    {
        switch (type)
        {
            case null or GenericParameter:
                return;
            case GenericInstanceType generic:
                foreach (var argument in generic.GenericArguments) Add(argument);
                Add(generic.ElementType);
                return;
            case FunctionPointerType function:
                Add(function.ReturnType);
                foreach (var parameter in function.Parameters) Add(parameter.ParameterType);
                return;
            case IModifierType modified:
                Add(modified.ModifierType);
                Add(modified.ElementType);
                return;
            case TypeSpecification specification:
                Add(specification.ElementType);
                return;
        }

        var known = Outermost(type);
        if (known.Scope is AssemblyNameReference assembly) _assemblies.Add(assembly.Name);
        else if (known.Scope == _module && known.FullName != _from) _edges.Add(new TypeEdge(_from, known.FullName));
    }

    private static TypeReference Outermost(TypeReference type)
    {
        while (type.DeclaringType is { } outer) type = outer;
        return type;
    }
}
